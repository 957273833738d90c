import { type ObjectName, sameName, showName } from "../schema/name.js";
import type { Constraint, ForeignKey, Index, IndexKey, Schema, Sequence, Table } from "../schema/schema.js";
import { type ExpressionScope, mentionsColumn } from "./expression/column.js";

export function scopeOf(table: Table): ExpressionScope {
  return { table, columns: table.columns.map((column) => column.name) };
}

function keyUses(key: IndexKey, scope: ExpressionScope, column: string): boolean {
  if (key.column !== null) return key.column === column;
  return key.expression !== null && mentionsColumn(key.expression, scope, column);
}

/** True when the constraint is about the column, by its lists or in its expression. */
export function constraintUses(constraint: Constraint, scope: ExpressionScope, column: string): boolean {
  switch (constraint.kind) {
    case "check":
      return mentionsColumn(constraint.expression, scope, column);
    case "foreign-key":
      return constraint.columns.includes(column);
    case "exclude":
      return (
        constraint.elements.some((element) => keyUses(element.key, scope, column)) ||
        constraint.include?.includes(column) === true ||
        (constraint.where !== null && mentionsColumn(constraint.where, scope, column))
      );
    default:
      return constraint.columns.includes(column) || constraint.include.includes(column);
  }
}

/** True when the index has the column among its keys, its included columns, its expressions or its predicate. */
export function indexUses(index: Index, scope: ExpressionScope, column: string): boolean {
  return (
    index.include.includes(column) ||
    index.keys.some((key) => keyUses(key, scope, column)) ||
    (index.where !== null && mentionsColumn(index.where, scope, column))
  );
}

/** A foreign key with the table that has it. */
export interface Reference {
  readonly table: Table;
  readonly foreignKey: ForeignKey;
}

/** The foreign keys of other tables that point at this one. */
export function referencesTo(schema: Schema, target: ObjectName): readonly Reference[] {
  const found: Reference[] = [];
  for (const table of schema.tables.values()) {
    if (sameName(table, target)) continue;
    for (const constraint of table.constraints) {
      if (constraint.kind !== "foreign-key") continue;
      if (sameName(constraint.references.table, target)) found.push({ table, foreignKey: constraint });
    }
  }
  return found;
}

/** Columns of this type, written `table.column`. */
export function columnsOfType(schema: Schema, type: ObjectName): readonly string[] {
  const found: string[] = [];
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      if (sameName(column.type, type)) found.push(`${showName(table)}.${column.name}`);
    }
  }
  return found;
}

/** Sequences that belong to a table, or to one of its columns when that is given: they go with it. */
export function sequencesOwnedBy(schema: Schema, table: ObjectName, column?: string): readonly Sequence[] {
  return [...schema.sequences.values()].filter(
    ({ ownedBy }) =>
      ownedBy !== null &&
      sameName(ownedBy.table, table) &&
      (column === undefined || ownedBy.column === column),
  );
}
