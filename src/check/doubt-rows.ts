import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { messageOf } from "../error/error.js";
import { nameKey, sameName } from "../schema/name.js";
import type { Expression, Schema } from "../schema/schema.js";
import type { Doubt } from "./doubt.js";

/** What a database said: rows are in the way, none are, or why that is not known. */
export type Answered = { readonly rows: boolean } | { readonly unknown: string };

const noQuery = "no query can tell";

/** How long a database may look for rows. */
const patienceMs = 10_000;

/**
 * Asks a database, in one query, which of the doubts there are rows for. It is one that has not been changed yet, and is
 * asked in the old names; `found` is its schema: rows of what it does not have are in nobody's way.
 */
export async function askRows(
  dialect: Dialect,
  connection: Connection,
  found: Schema,
  doubts: readonly Doubt[],
): Promise<ReadonlyMap<Doubt, Answered>> {
  const answers = new Map<Doubt, Answered>();
  const queries: { readonly doubt: Doubt; readonly sql: string; readonly wide: boolean }[] = [];
  for (const doubt of doubts) {
    const query = queryOf(dialect, connection.server.version, found, doubt);
    if (query === null) answers.set(doubt, { unknown: noQuery });
    else if (query === "") answers.set(doubt, { rows: false });
    else queries.push(typeof query === "string" ? { doubt, sql: query, wide: false } : { doubt, ...query });
  }
  if (queries.length === 0) return answers;
  const sql = `SELECT ${queries.map((query, place) => `${query.sql} AS a${place}`).join(",\n")}`;
  const late = setTimeout(() => void connection.cancel().catch(() => undefined), patienceMs);
  try {
    const [row] = await connection.query(sql);
    for (const [place, { doubt, wide }] of queries.entries()) {
      const there = row?.[`a${place}`];
      const rows = there === true || Number(there) === 1;
      answers.set(doubt, rows && wide ? { unknown: noQuery } : { rows });
    }
  } catch (error) {
    for (const { doubt } of queries) answers.set(doubt, { unknown: messageOf(error) });
  } finally {
    clearTimeout(late);
  }
  return answers;
}

/** A condition of rows of which only some may be in the way: without any, none is. */
interface Wide {
  readonly sql: string;
  readonly wide: true;
}

/** `EXISTS (…)`; an empty text where no row can be in the way, and `null` where no query can tell. */
function queryOf(dialect: Dialect, version: number, found: Schema, doubt: Doubt): string | Wide | null {
  const exists = (table: { namespace: string | null; name: string }, condition: Expression | null) => {
    const where = condition === null ? "" : ` WHERE ${condition}`;
    return `EXISTS (SELECT 1 FROM ${dialect.quoteName(table)}${where})`;
  };
  if (doubt.kind === "value-removed") return holders(dialect, found, doubt, exists);
  const table = found.tables.get(nameKey(doubt.kind === "added" ? doubt.table : doubt.old.table));
  if (table === undefined) return "";
  if (doubt.kind === "added") return exists(table, null);
  const column = table.columns.find((one) => one.name === doubt.old.column.name);
  if (column === undefined) return "";
  if (doubt.kind === "not-null") return exists(table, `${dialect.quote(column.name)} IS NULL`);
  const change = { table, column: column.name, from: column.type, to: doubt.to };
  const narrowing = dialect.narrowing(change, version);
  if (narrowing === null) return "";
  if (narrowing.refuses !== null) return exists(table, narrowing.refuses);
  return { sql: exists(table, `${dialect.quote(column.name)} IS NOT NULL`), wide: true };
}

function holders(
  dialect: Dialect,
  found: Schema,
  { type, value }: Extract<Doubt, { kind: "value-removed" }>,
  exists: (table: { namespace: string | null; name: string }, condition: Expression) => string,
): string | null {
  const condition = dialect.holdsEnumValue;
  if (condition === null) return null;
  // A domain or a composite type would hide the value from a query on columns.
  const hidden = [...found.domains.values()].some((domain) => sameName(domain.type, type));
  const inside = [...found.composites.values()].some((one) =>
    one.attributes.some((attribute) => sameName(attribute.type, type)),
  );
  if (hidden || inside) return null;
  const queries = [...found.tables.values()].flatMap((table) =>
    table.columns
      .filter((column) => sameName(column.type, type))
      .map((column) => exists(table, condition(column, value))),
  );
  return queries.length === 0 ? "" : `(${queries.join(" OR ")})`;
}
