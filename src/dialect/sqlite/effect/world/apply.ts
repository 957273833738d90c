import type { Act } from "../../../../effect/act.js";
import { addRelation, change, type Origin, takeRelation } from "../../../../effect/replay.js";
import { findRelation, keyOf, type Relation, type World } from "../../../../effect/world.js";
import { foldName } from "../../parse/tokenize.js";
import { namespaceOf, newRelation } from "./change.js";
import { type Dropped, isMentioned, relink, renameRelation } from "./link.js";
import {
  addColumn,
  changeColumn,
  createTable,
  dropColumn,
  dropConstraint,
  renameColumn,
  withConstraint,
} from "./table.js";

/** What an act makes of the world; acts that SQLite has not, or that change nothing in it, leave it as it is. */
export function apply(world: World, act: Act, origin: Origin, dropped: Dropped): World {
  switch (act.kind) {
    case "create-table":
      return linked(createTable(world, act, origin), act.name, dropped);
    case "create-table-as": {
      const state = { columnsKnown: false, temporary: act.temporary, bornIn: origin.run, bornAt: origin.at };
      if (findRelation(world, act.name) !== undefined) return world;
      return linked(addRelation(world, newRelation(act.name, "table"), state)[0], act.name, dropped);
    }
    case "add-column":
      return addColumn(world, act, origin);
    case "drop-column":
      return dropColumn(world, act);
    case "set-not-null":
      return changeColumn(world, act, { notNull: true });
    case "drop-not-null":
      return changeColumn(world, act, { notNull: false });
    case "set-default":
      return changeColumn(world, act, { default: act.default });
    case "drop-default":
      return changeColumn(world, act, { default: null });
    case "add-constraint":
      return withConstraint(world, act.table, act.constraint, origin);
    case "drop-constraint":
      return dropConstraint(world, act);
    case "create-index":
      return createIndex(world, act, origin);
    case "create-view":
      return linked(createView(world, act, origin), act.name, dropped);
    case "create-trigger":
      return change(world, findRelation(world, act.table)?.id, ({ triggers }) => ({
        triggers: new Map(triggers).set(act.name, {
          name: act.name,
          function: act.function,
          events: act.events,
          forEachRow: true,
          bornAt: origin.at,
        }),
      }));
    case "create-function":
      return createBody(world, act, origin);
    case "drop":
      return act.names.reduce((now, name) => drop(now, findRelation(now, name), dropped), world);
    case "drop-from-table":
      return dropTrigger(world, act.name);
    case "rename":
      return rename(world, act, dropped);
    case "set":
      return {
        ...world,
        settings: new Map(world.settings).set(act.name, {
          value: act.values.join(""),
          local: false,
          at: origin.at,
        }),
      };
    default:
      return world;
  }
}

function linked(world: World, name: Act<"create-table">["name"], dropped: Dropped): World {
  const relation = dropped.size === 0 ? undefined : findRelation(world, name);
  return relation === undefined ? world : relink(world, relation, dropped);
}

function createIndex(world: World, act: Act<"create-index">, { run, at }: Origin): World {
  const table = findRelation(world, act.table);
  const name = { namespace: table?.namespace ?? null, name: act.name ?? "" };
  if (table === undefined || findRelation(world, name) !== undefined) return world;
  const { unique, method, keys, include, where, nullsNotDistinct } = act;
  const index = { unique, method, keys, include, where, nullsNotDistinct, constraint: null, parent: null };
  const [next, made] = addRelation(world, newRelation(name, "index"), {
    bornIn: run,
    bornAt: at,
    temporary: table.temporary,
    index: { ...index, table: table.id, valid: true },
  });
  return change(next, table.id, ({ indexes }) => ({ indexes: indexes.with(made.id) }));
}

function createView(world: World, act: Act<"create-view">, { run, at }: Origin): World {
  if (findRelation(world, act.name) !== undefined) return world;
  const reads = act.query.reads.flatMap((name) => findRelation(world, name)?.id ?? []);
  const [next, made] = addRelation(world, newRelation(act.name, "view"), {
    bornIn: run,
    bornAt: at,
    temporary: act.temporary,
    columnsKnown: false,
    view: { reads, columns: act.query.columns, all: act.query.all },
  });
  return reads.reduce((now, id) => change(now, id, ({ readBy }) => ({ readBy: readBy.with(made.id) })), next);
}

/** The text of a trigger. */
function createBody(world: World, act: Act<"create-function">, { run, at }: Origin): World {
  const namespace = namespaceOf(act.name);
  const { form, arguments: taken, volatility, language, body, definition, securityDefiner, settings } = act;
  const state = { name: act.name.name, namespace, form, arguments: taken, volatility, language, body };
  const made = { ...state, definition, securityDefiner, settings, bornIn: run, bornAt: at };
  return { ...world, functions: world.functions.with(keyOf(namespace, act.name.name), [made]) };
}

function dropTrigger(world: World, name: string): World {
  for (const relation of world.relations.values()) {
    if (relation.triggers.has(name)) {
      const next = change(world, relation.id, ({ triggers }) => {
        const kept = new Map(triggers);
        kept.delete(name);
        return { triggers: kept };
      });
      return { ...next, functions: next.functions.without(keyOf("main", name)) };
    }
  }
  return world;
}

/** Views and foreign keys of others stay, and name what is not there. */
function drop(world: World, relation: Relation | undefined, dropped: Dropped): World {
  if (relation === undefined) return world;
  let next = takeRelation(world, relation);
  if (relation.index !== null) {
    return change(next, relation.index.table, ({ indexes }) => ({
      indexes: indexes.filter((id) => id !== relation.id),
    }));
  }
  if (isMentioned(relation)) dropped.set(foldName(relation.name), relation);
  for (const id of relation.indexes) {
    const index = next.relations.get(id);
    if (index !== undefined) next = takeRelation(next, index);
  }
  for (const name of relation.triggers.keys()) {
    next = { ...next, functions: next.functions.without(keyOf("main", name)) };
  }
  for (const key of relation.constraints.values()) {
    if (key.kind !== "foreign-key") continue;
    next = change(next, key.targetId, ({ referencedBy }) => ({
      referencedBy: referencedBy.filter(({ table }) => table !== relation.id),
    }));
  }
  for (const id of relation.view?.reads ?? []) {
    next = change(next, id, ({ readBy }) => ({ readBy: readBy.filter((view) => view !== relation.id) }));
  }
  return next;
}

function rename(world: World, act: Act<"rename">, dropped: Dropped): World {
  const relation = findRelation(world, act.name);
  if (relation === undefined) return world;
  if (act.member !== null) return renameColumn(world, act.name, act.member, act.to);
  return linked(renameRelation(world, relation, act.to), { ...act.name, name: act.to }, dropped);
}
