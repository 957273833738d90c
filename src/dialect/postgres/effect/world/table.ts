import type { Act } from "../../../../effect/act.js";
import { addRelation, change, columnState, type Origin } from "../../../../effect/replay.js";
import type { ColumnDefinition, PartitionBound, TypeUse } from "../../../../effect/syntax.js";
import {
  type Column,
  findRelation,
  findType,
  type Relation,
  type RelationId,
  type TypeId,
  type World,
} from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";
import { plainColumn } from "../plain-column.js";
import { bornOf, creationNamespace, removeRelation, withColumn, withConstraint } from "./change.js";
import { addConstraint, addIndex, definitionOf, plainIndex } from "./constraint.js";
import { indexName, sequenceName } from "./name.js";

export function typeIdOf(world: World, type: TypeUse): TypeId | null {
  if (type.builtIn) return null;
  return findType(world, { namespace: type.namespace, name: type.name })?.id ?? null;
}

/** A column as it is defined, of a type of the world. */
export function definedColumn(world: World, definition: ColumnDefinition, { at }: Origin): Column {
  return columnState(definition, typeIdOf(world, definition.type), at);
}

/** A column with the sequence of its own that `serial` and identities have, and without its constraints. */
export function addColumn(world: World, id: RelationId, definition: ColumnDefinition, origin: Origin): World {
  const next = withColumn(world, id, definedColumn(world, definition, origin));
  return definition.type.serial || definition.identity !== null
    ? addOwnSequence(next, id, definition.name, origin, definition.identity?.sequence ?? null)
    : next;
}

export function addOwnSequence(
  world: World,
  id: RelationId,
  column: string,
  origin: Origin,
  given: string | null = null,
): World {
  const table = world.relations.get(id);
  const state = table?.columns.get(column);
  if (table === undefined || state === undefined) return world;
  const name = given ?? sequenceName(world, table.namespace, table.name, column);
  const [next, sequence] = addRelation(
    world,
    { name, namespace: table.namespace, kind: "sequence" },
    { ...bornOf(origin), temporary: table.temporary, ownedBy: { table: id, column } },
  );
  return withColumn(next, id, { ...state, sequence: sequence.id });
}

export function applyCreateTable(world: World, act: Act<"create-table">, origin: Origin): World {
  const namespace = creationNamespace(world, act.name, act.temporary);
  const existing = findRelation(world, { namespace, name: act.name.name });
  if (existing !== undefined && act.ifNotExists) return world;
  const cleared = existing === undefined ? world : removeRelation(world, existing.id);
  const kind = act.foreign ? "foreign-table" : act.partitionBy === null ? "table" : "partitioned-table";
  let [next, table] = addRelation(
    cleared,
    { name: act.name.name, namespace, kind },
    {
      ...bornOf(origin),
      temporary: act.temporary,
      unlogged: act.unlogged,
      partitionBy: act.partitionBy,
      options: new Map(act.options.map(({ name, value }) => [name, value])),
    },
  );
  const { id } = table;
  for (const parent of act.inherits) next = inherit(next, id, parent);
  if (act.ofType !== null) next = addAttributes(next, id, act.ofType, origin);
  for (const like of act.likes) next = copyLike(next, id, like, origin);
  for (const definition of act.columns) next = addOrMerge(next, id, definition, origin);
  const inline = act.columns.flatMap(({ constraints }) => constraints);
  const all = [...inline, ...act.constraints];
  const order = {
    check: 0,
    "not-null": 1,
    "primary-key": 2,
    unique: 3,
    exclude: 3,
    "foreign-key": 4,
  } as const;
  for (const constraint of all.toSorted((a, b) => order[a.kind] - order[b.kind])) {
    next = addConstraint(next, id, constraint, { origin, inherited: false });
  }
  if (act.partitionOf === null) return next;
  const parent = findRelation(next, act.partitionOf.parent);
  return parent === undefined ? next : joinPartition(next, id, parent.id, act.partitionOf.bound, origin);
}

/** `CREATE TABLE p PARTITION OF t (a DEFAULT 1)` and `OF type` speak of columns that are there already. */
function addOrMerge(world: World, id: RelationId, definition: ColumnDefinition, origin: Origin): World {
  const existing = world.relations.get(id)?.columns.get(definition.name);
  if (existing === undefined || definition.type.name !== "") return addColumn(world, id, definition, origin);
  return withColumn(world, id, {
    ...existing,
    notNull: existing.notNull || definition.notNull,
    default: definition.default ?? existing.default,
  });
}

function addAttributes(world: World, id: RelationId, name: ObjectName, origin: Origin): World {
  const type = findType(world, name);
  if (type?.kind !== "composite") return change(world, id, () => ({ columnsKnown: false }));
  let next = world;
  for (const [attribute, use] of type.attributes) {
    next = withColumn(next, id, definedColumn(next, plainColumn(attribute, use), origin));
  }
  return change(next, id, () => ({ ofType: type.id }));
}

function link(world: World, child: RelationId, parent: RelationId): World {
  const next = change(world, parent, ({ children }) => ({ children: children.with(child) }));
  return change(next, child, ({ parents }) => ({ parents: [...parents, parent] }));
}

/** The columns and checks of a parent, and the bond with it. */
export function inherit(world: World, id: RelationId, name: ObjectName): World {
  const parent = findRelation(world, name);
  return parent === undefined ? world : inheritFrom(world, id, parent);
}

function inheritFrom(world: World, id: RelationId, parent: Relation): World {
  let next = link(world, id, parent.id);
  next = change(next, id, (child) => ({
    columnsKnown: child.columnsKnown && parent.columnsKnown,
    columns: new Map([
      ...[...parent.columns].map(([name, column]): [string, Column] => [
        name,
        { ...column, sequence: null, identity: child.bound === null ? null : column.identity },
      ]),
      ...child.columns,
    ]),
  }));
  for (const constraint of parent.constraints.values()) {
    const isPassedOn = constraint.kind === "check" || constraint.kind === "not-null";
    if (!isPassedOn || constraint.noInherit || next.relations.get(id)?.constraints.has(constraint.name))
      continue;
    next = withConstraint(next, id, { ...constraint, inherited: true });
  }
  return next;
}

/** A table becomes a partition: it has the parent's columns, checks, keys, foreign keys and indexes. */
export function joinPartition(
  world: World,
  id: RelationId,
  parentId: RelationId,
  bound: PartitionBound,
  origin: Origin,
): World {
  const parent = world.relations.get(parentId);
  if (parent === undefined) return world;
  let next = inheritFrom(
    change(world, id, () => ({ bound })),
    id,
    parent,
  );
  for (const constraint of parent.constraints.values()) {
    if (constraint.kind === "check" || constraint.kind === "not-null") continue;
    if (hasEquivalent(next, id, parent, constraint.name)) continue;
    const name = constraint.kind === "foreign-key" ? constraint.name : null;
    next = addConstraint(next, id, definitionOf(constraint, name), { origin, inherited: true });
  }
  for (const index of parent.indexes) next = copyIndex(next, id, index, origin);
  return next;
}

function hasEquivalent(world: World, id: RelationId, parent: Relation, name: string): boolean {
  const wanted = parent.constraints.get(name);
  if (wanted === undefined) return true;
  for (const own of world.relations.get(id)?.constraints.values() ?? []) {
    if (own.kind !== wanted.kind) continue;
    if (own.kind === "foreign-key" && wanted.kind === "foreign-key") {
      if (own.targetId === wanted.targetId && own.columns.join() === wanted.columns.join()) return true;
    } else if ("columns" in own && "columns" in wanted && own.columns.join() === wanted.columns.join()) {
      return true;
    }
  }
  return false;
}

/** The index of a partition that stands for one of its parent's: one that is alike already, or a new one. */
export function copyIndex(world: World, id: RelationId, parentIndex: RelationId, origin: Origin): World {
  const source = world.relations.get(parentIndex)?.index;
  const table = world.relations.get(id);
  if (source === null || source === undefined || table === undefined) return world;
  const alike = alikeIndex(world, table, parentIndex);
  if (alike !== undefined) {
    return change(world, alike.id, ({ index }) =>
      index === null ? {} : { index: { ...index, parent: parentIndex } },
    );
  }
  const name = indexName(world, table, source.keys, source.include, "idx");
  return addIndex(world, table, name, { ...source, constraint: null, parent: parentIndex }, origin)[0];
}

/** An index of the table that has the same definition, and belongs to no other parent. */
export function alikeIndex(world: World, table: Relation, parentIndex: RelationId): Relation | undefined {
  const wanted = world.relations.get(parentIndex)?.index;
  if (wanted === null || wanted === undefined) return undefined;
  const shape = (index: NonNullable<Relation["index"]>) =>
    JSON.stringify([
      index.method,
      index.unique,
      index.keys.map(({ column, expression, collation, operatorClass }) => [
        column,
        expression?.sql,
        collation,
        operatorClass,
      ]),
      index.include,
      index.where?.sql ?? null,
    ]);
  for (const id of table.indexes) {
    const one = world.relations.get(id);
    if (one?.index === null || one?.index === undefined) continue;
    const isFree = one.index.parent === null || one.index.parent === parentIndex;
    if (isFree && shape(one.index) === shape(wanted)) return one;
  }
  return undefined;
}

function copyLike(
  world: World,
  id: RelationId,
  { source, including }: Act<"create-table">["likes"][number],
  origin: Origin,
): World {
  const from = findRelation(world, source);
  if (from === undefined) return world;
  const has = (part: (typeof including)[number]) => including.includes("all") || including.includes(part);
  let next = change(world, id, (table) => ({ columnsKnown: table.columnsKnown && from.columnsKnown }));
  for (const column of from.columns.values()) {
    next = withColumn(next, id, {
      ...column,
      bornAt: origin.at,
      sequence: null,
      default: has("defaults") ? column.default : null,
      identity: has("identity") ? column.identity : null,
      generated: has("generated") ? column.generated : null,
    });
    if (has("identity") && column.identity !== null) next = addOwnSequence(next, id, column.name, origin);
  }
  for (const constraint of has("constraints") ? from.constraints.values() : []) {
    if (constraint.kind === "check") next = withConstraint(next, id, { ...constraint, bornAt: origin.at });
  }
  if (!has("indexes")) return next;
  for (const constraint of from.constraints.values()) {
    if (constraint.kind !== "primary-key" && constraint.kind !== "unique") continue;
    next = addConstraint(next, id, definitionOf(constraint, null), { origin, inherited: false });
  }
  for (const index of from.indexes) {
    const state = world.relations.get(index)?.index;
    const table = next.relations.get(id);
    if (!state || state.constraint !== null || table === undefined) continue;
    const name = indexName(next, table, state.keys, state.include, "idx");
    const { table: _, ...rest } = state;
    next = addIndex(next, table, name, plainIndex(state.keys, { ...rest, parent: null }), origin)[0];
  }
  return next;
}
