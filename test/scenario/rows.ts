import type { Connection } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { nameKey } from "../../src/schema/name.js";
import type { Schema, Table } from "../../src/schema/schema.js";

/** Rows as text that can be compared: dates, bytes and bigints too. */
function show(row: unknown): string {
  return JSON.stringify(row, (_key, value) => {
    if (typeof value === "bigint") return `${value}`;
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
}

const sameType = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Columns that a change leaves as they are: what is in them must be there afterwards. */
function untouched(before: Table, after: Table, given: ReadonlySet<string>): readonly string[] {
  return before.columns
    .filter((column) => {
      const twin = after.columns.find((one) => one.name === column.name);
      if (given.has(column.name) || given.has(column.type.name)) return false;
      return (
        twin !== undefined && sameType(twin.type, column.type) && sameType(twin.generated, column.generated)
      );
    })
    .map((column) => column.name);
}

/**
 * The rows of both schemas' tables, in the columns that are the same in both. `given` are names of columns and enums
 * whose values a person has said something about.
 */
export async function keptRows(
  dialect: Dialect,
  connection: Connection,
  before: Schema,
  after: Schema,
  given: ReadonlySet<string> = new Set(),
) {
  const queries = new Map<string, string>();
  for (const [key, table] of before.tables) {
    const twin = after.tables.get(nameKey(table));
    if (twin === undefined) continue;
    const columns = untouched(table, twin, given);
    if (columns.length === 0) continue;
    // Rows of partitions and heirs are read with these: they may leave their parents.
    const only = dialect.name === "postgres" ? "ONLY " : "";
    queries.set(
      key,
      `SELECT ${columns.map(dialect.quote).join(", ")} FROM ${only}${dialect.quoteName(table)}`,
    );
  }
  const now = async (session: Connection): Promise<Readonly<Record<string, readonly string[]>>> => {
    const rows: Record<string, readonly string[]> = {};
    for (const [key, sql] of queries) rows[key] = (await session.query(sql)).map(show).sort();
    return rows;
  };
  return { rows: await now(connection), now };
}

/** A section of queries, each followed by its rows as lines that begin with `= `: with the rows as they are now. */
export async function readRows(connection: Connection, section: string): Promise<string> {
  const queries = section
    .split("\n")
    .filter((line) => !line.startsWith("= "))
    .join("\n")
    .split(";")
    .map((sql) => sql.trim())
    .filter((sql) => sql !== "");
  const parts: string[] = [];
  for (const sql of queries) {
    const rows = await connection.query(sql);
    parts.push([`${sql};`, ...rows.map((row) => `= ${show(row)}`)].join("\n"));
  }
  return parts.join("\n");
}
