import { isKey } from "../schema/key.js";
import { nameKey, nameOf, sameName } from "../schema/name.js";
import type { Column, Constraint, Partition, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { requireConstraintColumns } from "./constraint.js";
import { inheritedColumn } from "./inherit/column.js";
import { giveConstraint } from "./inherit/constraint.js";
import { giveIndex } from "./inherit/index.js";
import { childrenOf, impossible, parentsOf, putIndexed, tableOf } from "./lookup.js";

/**
 * A partition that names no columns has those of its parent, in their order, and all that comes with them (manual,
 * CREATE TABLE, PARTITION OF). One that names its columns is made by itself and attached.
 */
export function isPartitionAlike(table: Table): boolean {
  return table.partition !== undefined && table.columns.length === 0;
}

/** Puts a new table into its place, with what its parents give it. */
export function createTable(draft: SchemaDraft, table: Table): void {
  const { partition, indexColumns: _, ...alone } = table;
  const complete = partition === undefined ? withParents(draft, alone) : ownOf(draft, table);
  for (const constraint of complete.constraints) requireConstraintColumns(complete, constraint);
  putIndexed(draft, complete);
  if (partition !== undefined) joinParent(draft, complete, partition);
  for (const parent of complete.inherits ?? []) giveAll(draft, tableOf(draft, parent), complete);
}

/** A partition before it is one: what its parent gives it is not there yet. */
function ownOf(draft: SchemaDraft, table: Table): Table {
  const { partition, indexColumns: _, ...rest } = table;
  const constraints = table.constraints
    .filter((one) => one.kind !== "foreign-key" || one.inherited !== true)
    .map(detachedConstraint);
  if (partition === undefined || !isPartitionAlike(table)) return { ...rest, constraints };
  const parent = tableOf(draft, partition.of);
  return { ...rest, constraints, columns: parent.columns.map((column) => inheritedColumn(parent, column)) };
}

/** Columns of the parents come first, one after the other; a column that is declared as well is one with theirs. */
function withParents(draft: SchemaDraft, table: Table): Table {
  if (table.inherits === undefined) return table;
  const columns = new Map<string, Column>();
  for (const name of table.inherits) {
    const parent = tableOf(draft, name);
    for (const column of parent.columns) {
      const known = columns.get(column.name);
      const copy = inheritedColumn(parent, column);
      columns.set(
        column.name,
        known === undefined ? copy : { ...known, nullable: known.nullable && copy.nullable },
      );
    }
  }
  for (const column of table.columns) {
    const known = columns.get(column.name);
    if (column.inherited && known !== undefined) continue;
    columns.set(column.name, known === undefined ? column : merged(known, column));
  }
  const constraints = table.constraints.filter((one) => one.inherited !== true);
  const keyed = new Set(constraints.flatMap((one) => (one.kind === "primary-key" ? one.columns : [])));
  const complete = [...columns.values()].map((one) =>
    one.nullable && keyed.has(one.name) ? { ...one, nullable: false } : one,
  );
  return { ...table, columns: complete, constraints };
}

/** A column that a table declares and inherits. */
function merged(inherited: Column, own: Column): Column {
  return {
    ...own,
    nullable: own.nullable && inherited.nullable,
    default: own.default ?? inherited.default,
    generated: own.generated ?? inherited.generated,
  };
}

function giveAll(draft: SchemaDraft, parent: Table, child: Table): void {
  for (const constraint of parent.constraints) {
    giveConstraint(draft, parent, tableOf(draft, child), asOfNew(constraint));
  }
  for (const index of parent.indexes) {
    if (!index.only) giveIndex(draft, parent, tableOf(draft, child), index);
  }
}

/** No row of a new table breaks a check that is not valid in its parent: the engine takes it for valid. */
function asOfNew(constraint: Constraint): Constraint {
  return constraint.kind === "check" ? { ...constraint, validated: true } : constraint;
}

/** Makes a table a partition, with all that the parent gives it (manual, ALTER TABLE, ATTACH PARTITION). */
export function joinParent(draft: SchemaDraft, table: Table, partition: Partition): void {
  const parent = tableOf(draft, partition.of);
  if (parent.partitioning === undefined) {
    throw impossible(
      `${parent.name} is not a partitioned table`,
      parent.name,
      "Name the partitioned table, or create it as one.",
    );
  }
  const columns = table.columns.map((column): Column => ({ ...column, inherited: true }));
  putIndexed(draft, { ...table, partition, columns });
  giveAll(draft, parent, table);
}

/** A constraint as one of the table's own. */
export function detachedConstraint(constraint: Constraint): Constraint {
  const { inherited: _, ...rest } = constraint;
  if (!isKey(constraint) || constraint.index === undefined) return rest;
  const { attachedTo: _a, ...index } = constraint.index;
  const { index: _i, ...withoutIndex } = rest as typeof constraint;
  return Object.keys(index).length === 0 ? withoutIndex : { ...withoutIndex, index };
}

/** A table that is no partition any more: what it had from its parent is its own. */
export function leaveParent(draft: SchemaDraft, table: Table): void {
  const { partition: _, ...rest } = table;
  putIndexed(draft, {
    ...rest,
    columns: table.columns.map(({ inherited: _i, ...column }) => column),
    constraints: table.constraints.map(detachedConstraint),
    indexes: table.indexes.map(({ attachedTo: _a, ...index }) => index),
  });
}

/** Gives a table other parents to inherit from; what only the former ones had becomes its own. */
export function changeParents(draft: SchemaDraft, table: Table, inherits: Table["inherits"] & {}): void {
  const { inherits: _, ...rest } = table;
  const kept = inherits
    .filter((parent) => parentsOf(table).some((old) => sameName(old, parent)))
    .flatMap((parent) => draft.tables.get(nameKey(parent)) ?? []);
  const hasColumn = (name: string) => kept.some(({ columns }) => columns.some((one) => one.name === name));
  const hasCheck = (name: string | null) =>
    kept.some(({ constraints }) => constraints.some((one) => one.kind === "check" && one.name === name));
  putIndexed(draft, {
    ...rest,
    ...(inherits.length > 0 && { inherits }),
    columns: table.columns.map((one) => {
      const { inherited: _i, ...column } = one;
      return one.inherited && !hasColumn(one.name) ? column : one;
    }),
    constraints: table.constraints.map((one) =>
      one.inherited && !hasCheck(one.name) ? detachedConstraint(one) : one,
    ),
  });
}

/** Tables under a table, each after its parent. */
export function descendantsOf(schema: Schema, table: Table): readonly Table[] {
  return childrenOf(schema, nameOf(table)).flatMap((child) => [child, ...descendantsOf(schema, child)]);
}
