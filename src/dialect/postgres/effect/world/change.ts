import { change, emptyWorld, type Origin, takeRelation } from "../../../../effect/replay.js";
import {
  type Column,
  type Constraint,
  keyOf,
  type Relation,
  type RelationId,
  type World,
} from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";

export const defaultSearchPath: readonly string[] = ["public"];

/** A new database. */
export const newDatabase: World = emptyWorld(defaultSearchPath);

/** The namespace that something new goes to. */
export function creationNamespace(world: World, name: ObjectName, temporary = false): string {
  if (temporary) return "pg_temp";
  return name.namespace ?? world.searchPath[0] ?? "public";
}

export function bornOf(origin: Origin): Pick<Relation, "bornIn" | "bornAt"> {
  return { bornIn: origin.run, bornAt: origin.at };
}

export function moveRelation(world: World, relation: Relation, namespace: string, name: string): World {
  const names = world.relationNames
    .without(keyOf(relation.namespace, relation.name))
    .with(keyOf(namespace, name), relation.id);
  return change({ ...world, relationNames: names }, relation.id, () => ({ namespace, name }));
}

export function withColumn(world: World, id: RelationId, column: Column): World {
  return change(world, id, ({ columns }) => ({ columns: new Map(columns).set(column.name, column) }));
}

export function changeColumn(
  world: World,
  id: RelationId,
  name: string,
  to: (column: Column) => Partial<Column>,
): World {
  return change(world, id, (relation) => {
    const column = relation.columns.get(name);
    if (column === undefined) return {};
    return { columns: new Map(relation.columns).set(name, { ...column, ...to(column) }) };
  });
}

export function withConstraint(world: World, id: RelationId, constraint: Constraint): World {
  const next = change(world, id, ({ constraints }) => ({
    constraints: new Map(constraints).set(constraint.name, constraint),
  }));
  if (constraint.kind !== "foreign-key") return next;
  return change(next, constraint.targetId, ({ referencedBy }) => ({
    referencedBy: referencedBy.with({ table: id, constraint: constraint.name }),
  }));
}

/** Takes a constraint away, with the index that serves it and the foreign keys that need it. */
export function withoutConstraint(world: World, id: RelationId, name: string): World {
  const relation = world.relations.get(id);
  const constraint = relation?.constraints.get(name);
  if (relation === undefined || constraint === undefined) return world;
  const constraints = new Map(relation.constraints);
  constraints.delete(name);
  let next = change(world, id, () => ({ constraints }));
  if (constraint.kind === "foreign-key") {
    next = change(next, constraint.targetId, ({ referencedBy }) => ({
      referencedBy: referencedBy.filter((one) => one.table !== id || one.constraint !== name),
    }));
  }
  if (constraint.kind === "not-null") {
    next = changeColumn(next, id, constraint.column, () => ({ notNull: false, notNullName: null }));
  }
  if ("index" in constraint && constraint.index !== null) next = removeRelation(next, constraint.index);
  if (constraint.kind === "primary-key" || constraint.kind === "unique") {
    for (const one of keysOn(next, id, constraint.columns))
      next = withoutConstraint(next, one.table, one.constraint);
  }
  return next;
}

/** Foreign keys that point at these columns. */
export function keysOn(
  world: World,
  id: RelationId,
  columns: readonly string[],
): readonly { readonly table: RelationId; readonly constraint: string }[] {
  const wanted = [...columns].sort().join("\u0000");
  return [...(world.relations.get(id)?.referencedBy ?? [])].filter((one) => {
    const key = world.relations.get(one.table)?.constraints.get(one.constraint);
    return key?.kind === "foreign-key" && [...key.keyColumns].sort().join("\u0000") === wanted;
  });
}

/** Takes a relation away, with its indexes and sequences, and out of all that speaks of it. */
export function removeRelation(world: World, id: RelationId): World {
  const relation = world.relations.get(id);
  if (relation === undefined) return world;
  let next = takeRelation(world, relation);
  for (const index of relation.indexes) next = removeRelation(next, index);
  for (const { sequence } of relation.columns.values()) {
    if (sequence !== null) next = removeRelation(next, sequence);
  }
  for (const constraint of relation.constraints.values()) {
    if (constraint.kind !== "foreign-key") continue;
    next = change(next, constraint.targetId, ({ referencedBy }) => ({
      referencedBy: referencedBy.filter((one) => one.table !== id),
    }));
  }
  for (const { table, constraint } of relation.referencedBy)
    next = withoutConstraint(next, table, constraint);
  for (const parent of relation.parents) {
    next = change(next, parent, ({ children }) => ({ children: children.filter((one) => one !== id) }));
  }
  for (const child of relation.children) {
    next = change(next, child, ({ parents }) => ({ parents: parents.filter((one) => one !== id) }));
  }
  for (const read of relation.view?.reads ?? []) {
    next = change(next, read, ({ readBy }) => ({ readBy: readBy.filter((one) => one !== id) }));
  }
  return detachIndex(next, relation);
}

function detachIndex(world: World, { id, index, ownedBy }: Relation): World {
  let next = world;
  if (index !== null) {
    next = change(next, index.table, ({ indexes }) => ({ indexes: indexes.filter((one) => one !== id) }));
  }
  if (ownedBy !== null) {
    next = changeColumn(next, ownedBy.table, ownedBy.column, (column) =>
      column.sequence === id ? { sequence: null } : {},
    );
  }
  return next;
}
