import type { LockMode } from "../../../../effect/lock.js";
import type { Constraint, IndexState, Relation, RelationId, World } from "../../../../effect/world.js";

/** What goes when something is dropped, and what is locked on the way. */
export interface Dropping {
  readonly relations: Set<RelationId>;
  readonly constraints: { readonly table: RelationId; readonly name: string }[];
  readonly columns: { readonly table: RelationId; readonly name: string }[];
  readonly locks: Map<RelationId, LockMode>;
}

export function noDropping(): Dropping {
  return { relations: new Set(), constraints: [], columns: [], locks: new Map() };
}

function lock(into: Dropping, id: RelationId): void {
  into.locks.set(id, "ACCESS EXCLUSIVE");
}

export function defaultPartition(world: World, parent: Relation): Relation | undefined {
  return [...parent.children]
    .map((id) => world.relations.get(id))
    .find((child) => child?.bound?.kind === "default");
}

/** DROP of a relation. Without CASCADE the server refuses when views or foreign keys stand on it. */
export function dropRelation(world: World, relation: Relation, cascade: boolean, into: Dropping): void {
  if (into.relations.has(relation.id)) return;
  into.relations.add(relation.id);
  if (relation.index !== null) {
    lock(into, relation.index.table);
    dropIndexOfPartitions(world, relation, into);
    return;
  }
  lock(into, relation.id);
  for (const constraint of relation.constraints.values()) {
    if (constraint.kind === "foreign-key") lock(into, constraint.targetId);
  }
  if (relation.bound !== null) lockParents(world, relation, into);
  for (const child of relation.children) {
    const heir = world.relations.get(child);
    if (heir !== undefined && (cascade || heir.bound !== null)) dropRelation(world, heir, cascade, into);
  }
  for (const { sequence } of relation.columns.values()) {
    if (sequence !== null) lock(into, sequence);
  }
  if (!cascade) return;
  for (const { table, constraint } of relation.referencedBy)
    dropConstraint(world, table, constraint, cascade, into);
  dropReaders(world, relation, () => true, into);
  dropUsesOfSequence(relation, into);
}

function lockParents(world: World, relation: Relation, into: Dropping): void {
  for (const id of relation.parents) {
    const parent = world.relations.get(id);
    if (parent === undefined) continue;
    lock(into, id);
    const rest = defaultPartition(world, parent);
    if (rest !== undefined) lock(into, rest.id);
  }
}

/** The default that takes its values from a sequence goes with it. */
function dropUsesOfSequence(relation: Relation, into: Dropping): void {
  if (relation.kind === "sequence" && relation.ownedBy !== null) lock(into, relation.ownedBy.table);
}

function dropIndexOfPartitions(world: World, index: Relation, into: Dropping): void {
  const table = index.index === null ? undefined : world.relations.get(index.index.table);
  for (const child of table?.children ?? []) {
    for (const id of world.relations.get(child)?.indexes ?? []) {
      const own = world.relations.get(id);
      if (own?.index?.parent === index.id) dropRelation(world, own, false, into);
    }
  }
}

function dropReaders(
  world: World,
  relation: Relation,
  uses: (view: Relation) => boolean,
  into: Dropping,
): void {
  for (const id of relation.readBy) {
    const view = world.relations.get(id);
    if (view !== undefined && uses(view)) dropRelation(world, view, true, into);
  }
}

/** DROP CONSTRAINT, and what goes with a constraint when something else does. */
export function dropConstraint(
  world: World,
  table: RelationId,
  name: string,
  cascade: boolean,
  into: Dropping,
): void {
  const relation = world.relations.get(table);
  const constraint = relation?.constraints.get(name);
  if (relation === undefined || constraint === undefined) return;
  if (into.constraints.some((one) => one.table === table && one.name === name)) return;
  into.constraints.push({ table, name });
  lock(into, table);
  if (constraint.kind === "foreign-key") lock(into, constraint.targetId);
  if (constraint.kind === "primary-key" || constraint.kind === "unique") {
    dropKeysOn(world, relation, constraint, cascade, into);
  }
}

function dropKeysOn(
  world: World,
  relation: Relation,
  { columns }: Extract<Constraint, { kind: "primary-key" | "unique" }>,
  cascade: boolean,
  into: Dropping,
): void {
  if (!cascade) return;
  const wanted = columns.toSorted().join("\u0000");
  for (const one of relation.referencedBy) {
    const key = world.relations.get(one.table)?.constraints.get(one.constraint);
    if (key?.kind === "foreign-key" && key.keyColumns.toSorted().join("\u0000") === wanted) {
      dropConstraint(world, one.table, one.constraint, cascade, into);
    }
  }
}

export function usesColumn(constraint: Constraint, column: string): boolean {
  switch (constraint.kind) {
    case "check":
      return constraint.expression.columns.includes(column);
    case "not-null":
      return constraint.column === column;
    case "exclude":
      return constraint.elements.some(
        ({ key }) => key.column === column || key.expression?.columns.includes(column),
      );
    case "foreign-key":
      return constraint.columns.includes(column);
    default:
      return constraint.columns.includes(column) || constraint.include.includes(column);
  }
}

export function indexUsesColumn({ keys, include, where }: IndexState, column: string): boolean {
  return (
    keys.some((key) => key.column === column || key.expression?.columns.includes(column)) ||
    include.includes(column) ||
    (where?.columns.includes(column) ?? false)
  );
}

/** DROP COLUMN of one table; its heirs have theirs dropped by the caller. */
export function dropColumn(
  world: World,
  relation: Relation,
  name: string,
  cascade: boolean,
  into: Dropping,
): void {
  lock(into, relation.id);
  into.columns.push({ table: relation.id, name });
  for (const constraint of relation.constraints.values()) {
    if (usesColumn(constraint, name)) dropConstraint(world, relation.id, constraint.name, cascade, into);
  }
  for (const id of relation.indexes) {
    const index = world.relations.get(id);
    if (index?.index && index.index.constraint === null && indexUsesColumn(index.index, name)) {
      into.relations.add(id);
    }
  }
  const sequence = relation.columns.get(name)?.sequence ?? null;
  if (sequence !== null) lock(into, sequence);
  if (cascade) {
    dropReaders(
      world,
      relation,
      ({ view }) => view !== null && (view.all || view.columns.includes(name)),
      into,
    );
  }
}
