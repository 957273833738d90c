import type { Column, Schema, Table } from "../schema/schema.js";

/**
 * A schema that revisions lead to, with the names that NOT NULL has in a database where nothing was said of them. PostgreSQL 18
 * keeps such a name when a table or column is renamed or a partition is detached, so that it is made of names of before.
 */
export function adoptNotNullNames(expected: Schema, found: Schema): Schema {
  const tables = new Map<string, Table>();
  for (const [key, table] of expected.tables) {
    const theirs = found.tables.get(key);
    tables.set(key, theirs === undefined ? table : named(table, theirs));
  }
  return { ...expected, tables };
}

function named(table: Table, theirs: Table): Table {
  const names = new Map(theirs.columns.map((column) => [column.name, column.notNull?.name ?? null]));
  const isNamed = (column: Column) => !column.nullable && names.get(column.name) != null;
  if (!table.columns.some((column) => isNamed(column) && column.notNull?.name == null)) return table;
  const columns = table.columns.map((column): Column => {
    const name = names.get(column.name) ?? null;
    if (!isNamed(column) || column.notNull?.name != null) return column;
    return { ...column, notNull: { onConflict: null, ...column.notNull, name } };
  });
  return { ...table, columns };
}
