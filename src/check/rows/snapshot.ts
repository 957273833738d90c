import type { Connection } from "../../dialect/connection.js";
import type { RowDialect } from "../../dialect/rows.js";
import { nameKey, nameOf, type ObjectName } from "../../schema/name.js";
import type { Schema, Table } from "../../schema/schema.js";

/** The rows of a table as text, at one time. */
export interface TableRows {
  readonly name: ObjectName;
  /** As the engine reads them; on SQLite with the rowid where no column is it. */
  readonly columns: readonly string[];
  /** Columns that tell rows apart; `null` where nothing does. */
  readonly key: readonly string[] | null;
  readonly rows: readonly (readonly (string | null)[])[];
}

/** All rows of a database, and how far it has counted. */
export interface Snapshot {
  /** By `nameKey`. */
  readonly tables: ReadonlyMap<string, TableRows>;
  readonly counters: ReadonlyMap<string, bigint>;
}

/** Reads every row of every table: a scratch database has a handful in each. */
export async function readRows(rows: RowDialect, connection: Connection, schema: Schema): Promise<Snapshot> {
  const tables = new Map<string, TableRows>();
  for (const [key, table] of schema.tables) {
    const { sql, columns } = rows.read(table);
    const found = await connection.query(sql);
    tables.set(key, {
      name: nameOf(table),
      columns,
      key: keyOf(table),
      rows: found.map((row) => columns.map((_, at) => textOrNull(row[`c${at}`]))),
    });
  }
  return { tables, counters: await rows.counters(connection) };
}

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

function keyOf(table: Table): readonly string[] | null {
  return table.constraints.find((one) => one.kind === "primary-key")?.columns ?? null;
}

/** How many rows there are, in how many tables. */
export function sizeOf(snapshot: Snapshot): { readonly rows: number; readonly tables: number } {
  const sizes = [...snapshot.tables.values()].map((table) => table.rows.length);
  return {
    rows: sizes.reduce((sum, size) => sum + size, 0),
    tables: sizes.filter((size) => size > 0).length,
  };
}

/** The rows of a table that had them, by the name it had then. */
export function rowsOf(snapshot: Snapshot, name: ObjectName): TableRows | undefined {
  return snapshot.tables.get(nameKey(name));
}
