import type { Act } from "../../../../effect/act.js";
import { addRelation, change, type Origin } from "../../../../effect/replay.js";
import type { Query } from "../../../../effect/syntax.js";
import {
  type Column,
  type FunctionState,
  findFunctions,
  findRelation,
  keyOf,
  type Relation,
  type RelationId,
  type World,
  withDescendants,
} from "../../../../effect/world.js";
import { plainColumn } from "../plain-column.js";
import { bornOf, changeColumn, creationNamespace, removeRelation } from "./change.js";
import { addIndex, plainIndex } from "./constraint.js";
import { indexName } from "./name.js";
import { copyIndex, definedColumn, typeIdOf } from "./table.js";

const unknownOutput = {
  name: "",
  namespace: null,
  builtIn: false,
  modifiers: [],
  dimensions: 0,
  serial: false,
};

/** The columns of a query's result, as far as its text tells. */
function outputOf(world: World, query: Query, names: readonly string[], origin: Origin) {
  const sources = query.reads.flatMap((name) => findRelation(world, name) ?? []);
  const columns = new Map<string, Column>();
  if (query.all) {
    for (const source of sources) {
      for (const column of source.columns.values()) {
        columns.set(column.name, {
          ...column,
          bornAt: origin.at,
          notNull: false,
          default: null,
          identity: null,
          generated: null,
          sequence: null,
        });
      }
    }
  }
  for (const [position, { name, source, type }] of query.output.entries()) {
    const label = names[position] ?? name;
    if (label === null || label === undefined) continue;
    const from =
      source === null ? undefined : sources.map(({ columns: all }) => all.get(source)).find(Boolean);
    const use = type ?? from?.type ?? unknownOutput;
    columns.set(label, {
      ...definedColumn(world, plainColumn(label, use), origin),
      typeId: typeIdOf(world, use),
    });
  }
  return columns;
}

function readsOf(world: World, query: Query): readonly RelationId[] {
  return [...new Set(query.reads.flatMap((name) => findRelation(world, name)?.id ?? []))];
}

function addView(world: World, view: Relation, query: Query): World {
  const reads = readsOf(world, query);
  const next = change(world, view.id, () => ({ view: { reads, columns: query.columns, all: query.all } }));
  return reads.reduce((all, id) => change(all, id, ({ readBy }) => ({ readBy: readBy.with(view.id) })), next);
}

export function applyCreateTableAs(world: World, act: Act<"create-table-as">, origin: Origin): World {
  const namespace = creationNamespace(world, act.name, act.temporary);
  const existing = findRelation(world, { namespace, name: act.name.name });
  if (existing !== undefined && act.ifNotExists) return world;
  const [next, made] = addRelation(
    existing === undefined ? world : removeRelation(world, existing.id),
    { name: act.name.name, namespace, kind: act.materialized ? "materialized-view" : "table" },
    {
      ...bornOf(origin),
      temporary: act.temporary,
      unlogged: act.unlogged,
      columns: outputOf(world, act.query, act.columns, origin),
      columnsKnown: false,
    },
  );
  return act.materialized ? addView(next, made, act.query) : next;
}

export function applyCreateView(world: World, act: Act<"create-view">, origin: Origin): World {
  const namespace = creationNamespace(world, act.name, act.temporary);
  const existing = findRelation(world, { namespace, name: act.name.name });
  const columns = outputOf(world, act.query, act.columns, origin);
  if (existing?.kind === "view") {
    let next = change(world, existing.id, () => ({ columns }));
    for (const id of existing.view?.reads ?? []) {
      next = change(next, id, ({ readBy }) => ({ readBy: readBy.filter((one) => one !== existing.id) }));
    }
    return addView(next, existing, act.query);
  }
  const cleared = existing === undefined ? world : removeRelation(world, existing.id);
  const [next, view] = addRelation(
    cleared,
    { name: act.name.name, namespace, kind: "view" },
    { ...bornOf(origin), temporary: act.temporary, columns, columnsKnown: false },
  );
  return addView(next, view, act.query);
}

export function applyCreateIndex(world: World, act: Act<"create-index">, origin: Origin): World {
  const table = findRelation(world, act.table);
  if (table === undefined) return world;
  const taken = act.name !== null && world.relationNames.has(keyOf(table.namespace, act.name));
  if (taken && act.ifNotExists) return world;
  const name = act.name ?? indexName(world, table, act.keys, act.include, "idx");
  const index = plainIndex(act.keys, {
    unique: act.unique,
    method: act.method,
    include: act.include,
    where: act.where,
    nullsNotDistinct: act.nullsNotDistinct,
    valid: !act.only || table.kind !== "partitioned-table",
  });
  const [next, id] = addIndex(world, table, name, index, origin);
  if (act.only || table.kind !== "partitioned-table") return next;
  return copyToPartitions(next, table.id, id, origin);
}

function copyToPartitions(world: World, table: RelationId, index: RelationId, origin: Origin): World {
  const parent = world.relations.get(table);
  if (parent === undefined) return world;
  return withDescendants(world, parent)
    .slice(1)
    .reduce((next, { id }) => copyIndex(next, id, index, origin), world);
}

export function applyCreateSequence(world: World, act: Act<"create-sequence">, origin: Origin): World {
  const namespace = creationNamespace(world, act.name, act.temporary);
  const existing = findRelation(world, { namespace, name: act.name.name });
  if (existing !== undefined && act.ifNotExists) return world;
  const cleared = existing === undefined ? world : removeRelation(world, existing.id);
  const [next, sequence] = addRelation(
    cleared,
    { name: act.name.name, namespace, kind: "sequence" },
    { ...bornOf(origin), temporary: act.temporary },
  );
  return own(next, sequence.id, act.ownedBy);
}

function own(world: World, sequence: RelationId, ownedBy: Act<"alter-sequence">["ownedBy"]): World {
  if (ownedBy === null) return world;
  const before = world.relations.get(sequence)?.ownedBy ?? null;
  let next = world;
  if (before !== null) next = changeColumn(next, before.table, before.column, () => ({ sequence: null }));
  if (ownedBy === "none") return change(next, sequence, () => ({ ownedBy: null }));
  const table = findRelation(next, ownedBy.table);
  if (table === undefined) return next;
  next = change(next, sequence, () => ({ ownedBy: { table: table.id, column: ownedBy.column } }));
  return changeColumn(next, table.id, ownedBy.column, () => ({ sequence }));
}

export function applyAlterSequence(world: World, act: Act<"alter-sequence">): World {
  const sequence = findRelation(world, act.name);
  return sequence === undefined ? world : own(world, sequence.id, act.ownedBy);
}

export function applyCreateTrigger(world: World, act: Act<"create-trigger">, origin: Origin): World {
  const table = findRelation(world, act.table);
  const { name, events, forEachRow } = act;
  return change(world, table?.id, ({ triggers }) => ({
    triggers: new Map(triggers).set(name, {
      name,
      function: act.function,
      events,
      forEachRow,
      bornAt: origin.at,
    }),
  }));
}

export function applyCreateFunction(world: World, act: Act<"create-function">, origin: Origin): World {
  const namespace = creationNamespace(world, act.name);
  const key = keyOf(namespace, act.name.name);
  const shape = (types: FunctionState["arguments"]) => JSON.stringify(types);
  const others = (world.functions.get(key) ?? []).filter(
    (one) => shape(one.arguments) !== shape(act.arguments),
  );
  const made: FunctionState = {
    name: act.name.name,
    namespace,
    form: act.form,
    arguments: act.arguments,
    volatility: act.volatility,
    language: act.language,
    body: act.body,
    definition: act.definition,
    securityDefiner: act.securityDefiner,
    settings: act.settings,
    bornIn: origin.run,
    bornAt: origin.at,
  };
  return { ...world, functions: world.functions.with(key, [...others, made]) };
}

export function applyAlterFunction(world: World, act: Act<"alter-function">): World {
  const found = findFunctions(world, act.name);
  const [first] = found;
  if (first === undefined) return world;
  const changed = found.map(
    (one): FunctionState => ({
      ...one,
      volatility: act.volatility ?? one.volatility,
      securityDefiner: act.securityDefiner ?? one.securityDefiner,
      settings: act.settings.length === 0 ? one.settings : act.settings,
    }),
  );
  return { ...world, functions: world.functions.with(keyOf(first.namespace, first.name), changed) };
}
