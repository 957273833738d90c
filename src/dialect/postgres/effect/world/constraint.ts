import { PersistentList } from "../../../../effect/persistent-list.js";
import { addRelation, change, type Origin } from "../../../../effect/replay.js";
import type { ConstraintDefinition, IndexKey, KeyDefinition } from "../../../../effect/syntax.js";
import {
  type Constraint,
  findRelation,
  type IndexState,
  type Relation,
  type RelationId,
  type World,
} from "../../../../effect/world.js";
import { bornOf, changeColumn, moveRelation, withConstraint } from "./change.js";
import { columnKey, constraintName, indexName } from "./name.js";

/** The index that a constraint or CREATE INDEX makes; those of partitions are not its affair. */
export function addIndex(
  world: World,
  table: Relation,
  name: string,
  index: Omit<IndexState, "table">,
  origin: Origin,
): readonly [World, RelationId] {
  const kind = table.kind === "partitioned-table" ? "partitioned-index" : "index";
  const [next, relation] = addRelation(
    world,
    { name, namespace: table.namespace, kind },
    { ...bornOf(origin), temporary: table.temporary, index: { ...index, table: table.id } },
  );
  return [change(next, table.id, ({ indexes }) => ({ indexes: indexes.with(relation.id) })), relation.id];
}

export function plainIndex(
  keys: readonly IndexKey[],
  rest: Partial<IndexState> = {},
): Omit<IndexState, "table"> {
  return {
    unique: false,
    method: "btree",
    keys,
    include: [],
    where: null,
    nullsNotDistinct: false,
    constraint: null,
    parent: null,
    valid: true,
    ...rest,
  };
}

interface Adding {
  readonly origin: Origin;
  readonly inherited: boolean;
}

/** The world with the constraint, under the name that it was given or that the server chooses. */
export function addConstraint(
  world: World,
  id: RelationId,
  definition: ConstraintDefinition,
  adding: Adding,
): World {
  const table = world.relations.get(id);
  if (table === undefined) return world;
  const name = definition.name ?? constraintName(world, table, definition);
  const state = {
    name,
    validated: !definition.notValid,
    bornAt: adding.origin.at,
    inherited: adding.inherited,
  };
  switch (definition.kind) {
    case "check":
      return withConstraint(world, id, { ...definition, ...state });
    case "not-null": {
      const next = changeColumn(world, id, definition.column, () => ({
        notNull: true,
        notNullName: name,
        notNullValid: !definition.notValid,
      }));
      return withConstraint(next, id, { ...definition, ...state });
    }
    case "foreign-key": {
      const target = findRelation(world, definition.target);
      if (target === undefined) return world;
      const keyColumns =
        definition.targetColumns.length > 0 ? definition.targetColumns : primaryKeyOf(target);
      return withConstraint(world, id, { ...definition, ...state, targetId: target.id, keyColumns });
    }
    case "exclude": {
      const keys = definition.elements.map(({ key }) => key);
      const label = definition.name ?? indexName(world, table, keys, [], "excl");
      const index = plainIndex(keys, {
        method: definition.method,
        where: definition.where,
        constraint: label,
      });
      const [next, made] = addIndex(world, table, label, index, adding.origin);
      return withConstraint(next, id, { ...definition, ...state, name: label, index: made });
    }
    default:
      return addKey(world, table, definition, adding);
  }
}

/** What was written for it, for making another like it; a key then has an index of its own. */
export function definitionOf(constraint: Constraint, name: string | null): ConstraintDefinition {
  switch (constraint.kind) {
    case "primary-key":
    case "unique":
      return { ...constraint, name, usingIndex: null };
    default:
      return { ...constraint, name };
  }
}

export function primaryKeyOf(table: Relation): readonly string[] {
  for (const constraint of table.constraints.values()) {
    if (constraint.kind === "primary-key") return constraint.columns;
  }
  return [];
}

function addKey(
  world: World,
  table: Relation,
  definition: KeyDefinition,
  { origin, inherited }: Adding,
): World {
  const isPrimary = definition.kind === "primary-key";
  const used = definition.usingIndex === null ? null : indexOf(world, table, definition.usingIndex);
  const columns =
    definition.usingIndex === null
      ? definition.columns
      : (used?.index?.keys.flatMap(({ column }) => (column === null ? [] : [column])) ?? []);
  const name =
    definition.name ??
    definition.usingIndex ??
    indexName(
      world,
      table,
      columns.map(columnKey),
      isPrimary ? [] : definition.include,
      isPrimary ? "pkey" : "key",
    );
  const state = { name, validated: true, bornAt: origin.at, inherited };
  let next = world;
  let index: RelationId | null = null;
  if (definition.usingIndex === null) {
    const made = plainIndex(columns.map(columnKey), {
      unique: true,
      include: definition.include,
      nullsNotDistinct: definition.nullsNotDistinct,
      constraint: name,
    });
    [next, index] = addIndex(next, table, name, made, origin);
  } else if (used) {
    index = used.id;
    next = moveRelation(next, used, used.namespace, name);
    next = change(next, used.id, (one) =>
      one.index === null ? {} : { index: { ...one.index, constraint: name } },
    );
  }
  if (isPrimary) {
    for (const column of columns) {
      next = changeColumn(next, table.id, column, (one) =>
        one.notNull && one.notNullValid ? {} : { notNull: true, notNullValid: true },
      );
    }
  }
  return withConstraint(next, table.id, { ...definition, ...state, columns, index });
}

export function indexOf(world: World, table: Relation, name: string): Relation | undefined {
  for (const id of table.indexes) {
    const index = world.relations.get(id);
    if (index?.name === name) return index;
  }
  return undefined;
}

/** Under another name, with the index that serves it and the foreign keys that are told of it. */
export function renameConstraint(world: World, id: RelationId, from: string, to: string): World {
  const relation = world.relations.get(id);
  const constraint = relation?.constraints.get(from);
  if (relation === undefined || constraint === undefined) return world;
  const renamed = { ...constraint, name: to } as Constraint;
  const constraints = new Map(
    [...relation.constraints].map(([name, one]) => (name === from ? [to, renamed] : [name, one])),
  );
  let next = change(world, id, () => ({ constraints }));
  if ("index" in constraint && constraint.index !== null) {
    const index = next.relations.get(constraint.index);
    if (index !== undefined) {
      next = moveRelation(next, index, index.namespace, to);
      next = change(next, index.id, (one) =>
        one.index === null ? {} : { index: { ...one.index, constraint: to } },
      );
    }
  }
  if (constraint.kind === "foreign-key") {
    next = change(next, constraint.targetId, ({ referencedBy }) => ({
      referencedBy: PersistentList.of(
        referencedBy
          .toArray()
          .map((one) => (one.table === id && one.constraint === from ? { table: id, constraint: to } : one)),
      ),
    }));
  }
  return next;
}
