import type { Act, ActKind } from "../../../../effect/act.js";
import { change, type Origin } from "../../../../effect/replay.js";
import { findRelation, keyOf, type World } from "../../../../effect/world.js";
import { onTypedTables } from "../typed-tables.js";
import { alterTable } from "./alter.js";
import { changeColumn, creationNamespace, defaultSearchPath } from "./change.js";
import { applyDrop, applyDropFromTable } from "./drop.js";
import {
  applyAlterFunction,
  applyAlterSequence,
  applyCreateFunction,
  applyCreateIndex,
  applyCreateSequence,
  applyCreateTableAs,
  applyCreateTrigger,
  applyCreateView,
} from "./object.js";
import { applyRename, applySetSchema } from "./rename.js";
import { applyCreateTable } from "./table.js";
import {
  addType,
  applyAddEnumValue,
  applyAlterComposite,
  applyAlterDomain,
  applyCreateDomain,
  applyRenameEnumValue,
} from "./type.js";

type Apply<K extends ActKind> = (world: World, act: Act<K>, origin: Origin) => World;

const same = (world: World) => world;

/** `"$user"` has a schema only where somebody made one of that name. */
function searchPath(values: readonly string[]): readonly string[] {
  return values.length === 0 ? defaultSearchPath : values.filter((one) => one !== "$user" && one !== "");
}

function applySet(world: World, act: Act<"set">, { at }: Origin): World {
  if (act.name === "*") return { ...world, settings: new Map(), searchPath: defaultSearchPath };
  const settings = new Map(world.settings);
  if (act.values.length === 0) settings.delete(act.name);
  else settings.set(act.name, { value: act.values.join(", "), local: act.local, at });
  const path = act.name === "search_path" ? searchPath(act.values) : world.searchPath;
  return { ...world, settings, searchPath: path };
}

/** SET LOCAL ends with its transaction. */
export function endTransaction(world: World): World {
  const kept = new Map([...world.settings].filter(([, { local }]) => !local));
  if (kept.size === world.settings.size) return world;
  const wasLocal = world.settings.get("search_path")?.local === true;
  return { ...world, settings: kept, searchPath: wasLocal ? defaultSearchPath : world.searchPath };
}

const applyRoutine: Pick<
  { readonly [K in ActKind]: Apply<K> },
  "create-rule" | "create-policy" | "create-statistics"
> = {
  "create-rule": (world, act) =>
    change(world, findRelation(world, act.table)?.id, ({ rules }) => ({
      rules: new Set(rules).add(act.name),
    })),
  "create-policy": (world, act) =>
    change(world, findRelation(world, act.table)?.id, ({ policies }) => ({
      policies: new Set(policies).add(act.name),
    })),
  "create-statistics": (world, act) => {
    const table = findRelation(world, act.table);
    if (table === undefined || act.name === null) return world;
    const key = keyOf(creationNamespace(world, act.name), act.name.name);
    return { ...world, statistics: new Map(world.statistics).set(key, table.id) };
  },
};

/** `UPDATE … SET c = …`, of all rows or of those that have NULL there, leaves no row without a value. */
const applyUpdate: Apply<"update"> = (world, { table: name, columns, values, where }, { at }) => {
  const table = findRelation(world, name);
  const nulls = where?.condition.kind === "null" ? where.condition.column : null;
  if (table === undefined || (where !== null && nulls === null)) return world;
  return columns.reduce((next, column, place) => {
    const isFilled = values[place]?.constant !== null && (nulls === null || nulls === column);
    return isFilled ? changeColumn(next, table.id, column, () => ({ filledAt: at })) : next;
  }, world);
};

/** What every act makes of the world. Total, so that a new act has an answer. */
export const apply: { readonly [K in ActKind]: Apply<K> } = {
  ...alterTable,
  ...applyRoutine,
  "create-table": applyCreateTable,
  "create-table-as": applyCreateTableAs,
  "create-index": applyCreateIndex,
  reindex: same,
  "create-view": applyCreateView,
  "refresh-view": same,
  "create-sequence": applyCreateSequence,
  "alter-sequence": applyAlterSequence,
  "create-trigger": applyCreateTrigger,
  "alter-policy": same,
  drop: applyDrop,
  "drop-from-table": applyDropFromTable,
  rename: applyRename,
  "set-schema": applySetSchema,
  "set-owner": same,
  comment: same,
  grant: same,
  "default-privileges": same,
  "create-schema": (world, act, { run }) =>
    world.schemas.has(act.name)
      ? world
      : { ...world, schemas: new Map(world.schemas).set(act.name, { bornIn: run }) },
  "create-enum": (world, act, origin) =>
    addType(world, act.name, origin, { kind: "enum", values: act.values }),
  "add-enum-value": applyAddEnumValue,
  "rename-enum-value": applyRenameEnumValue,
  "create-type": (world, act, origin) =>
    addType(
      world,
      act.name,
      origin,
      act.form === "composite"
        ? { kind: "composite", attributes: new Map(act.attributes.map(({ name, type }) => [name, type])) }
        : { kind: "other" },
    ),
  "alter-composite": (world, act, origin) =>
    onTypedTables(world, act).reduce(
      (next, one) => applyAct(next, one, origin),
      applyAlterComposite(world, act),
    ),
  "create-domain": applyCreateDomain,
  "alter-domain": applyAlterDomain,
  "create-function": applyCreateFunction,
  "alter-function": applyAlterFunction,
  "create-extension": (world, act) => ({ ...world, extensions: new Set(world.extensions).add(act.name) }),
  "alter-extension": same,
  "create-publication": same,
  "alter-publication": same,
  "create-database": same,
  "drop-database": same,
  role: same,
  select: same,
  insert: same,
  update: applyUpdate,
  delete: same,
  merge: same,
  copy: same,
  truncate: same,
  "lock-table": same,
  vacuum: same,
  analyze: same,
  cluster: (world, act) => {
    const table = act.table === null ? undefined : findRelation(world, act.table);
    const index =
      act.index === null
        ? undefined
        : findRelation(world, { namespace: table?.namespace ?? null, name: act.index });
    return index === undefined ? world : change(world, table?.id, () => ({ clusteredOn: index.id }));
  },
  begin: same,
  commit: same,
  rollback: same,
  savepoint: same,
  "prepared-transaction": same,
  set: applySet,
  "set-constraints": same,
  discard: (world, act) =>
    act.all ? { ...world, settings: new Map(), searchPath: defaultSearchPath } : world,
  "do-block": same,
  call: same,
  explain: same,
  "meta-command": same,
  other: same,
  "not-analysed": same,
};

/** The world after an act. */
export function applyAct(world: World, act: Act, origin: Origin): World {
  const to = apply[act.kind] as Apply<ActKind>;
  return to(world, act, origin);
}
