import { AludelError } from "../../error/error.js";
import type { BulkValue } from "../../op/op.js";
import { showName } from "../../schema/name.js";
import type { ColumnType } from "../../schema/schema.js";
import { assignments, type Changed, computeRows, type RowChange } from "../backfill.js";
import type { Connection, Row } from "../connection.js";
import { valueText } from "./compile/data.js";
import { quoteIdentifier, quoteName, quoteString } from "./quote.js";

interface Target {
  /** Quoted, so that no column of the table is called so by accident. */
  readonly name: string;
  readonly column: string;
  /** Without its length: a cast would cut a value that is too long, where the assignment refuses it. */
  readonly cast: string;
  /** As much of it as decides how a value is written. */
  readonly type: ColumnType;
}

/**
 * Reads and locks the rows of a range that the predicate fits, lets the function of the backfill make their values, and
 * writes these in one statement. The rows are found again by their place, which nobody can change while they are locked.
 */
export async function changeComputed(
  connection: Connection,
  change: RowChange,
  read: readonly string[],
  range: string,
): Promise<Changed> {
  const table = quoteName(change.table);
  const { where } = assignments(quoteIdentifier, change);
  const found = await connection.query(
    `SELECT ctid::text AS "aludel place", tableoid::text AS "aludel relation", ${read.map(quoteIdentifier).join(", ")}
FROM ${table} WHERE ${range} AND ${where} FOR NO KEY UPDATE`,
  );
  const made = await computeRows(change, found);
  if (made.length === 0) return { written: 0, again: 0 };
  const targets = await targetsOf(connection, change);
  const lines = made.map((record, at) => line(targets, found[at] ?? {}, record));
  const set = targets.map(({ column, name }) => `${quoteIdentifier(column)} = given.${name}`).join(", ");
  const names = ['"aludel place"', '"aludel relation"', ...targets.map(({ name }) => name)].join(", ");
  const own = quoteIdentifier(change.table.name);
  const [row] = await connection.query(`WITH given (${names}) AS (VALUES
${lines.join(",\n")}),
changed AS (UPDATE ${table} SET ${set} FROM given
  WHERE ${own}.ctid = given."aludel place" AND ${own}.tableoid = given."aludel relation" AND ${range}
  RETURNING ${where} AS again)
SELECT count(*) AS written, count(*) FILTER (WHERE again) AS again FROM changed`);
  return { written: Number(row?.["written"] ?? 0), again: Number(row?.["again"] ?? 0) };
}

function line(targets: readonly Target[], row: Row, record: Readonly<Record<string, BulkValue>>): string {
  const place = `${quoteString(String(row["aludel place"]))}::tid, ${quoteString(String(row["aludel relation"]))}::oid`;
  const values = targets.map(
    ({ column, cast, type }) => `${valueText(record[column] ?? null, { type })}::${cast}`,
  );
  return `  (${[place, ...values].join(", ")})`;
}

async function targetsOf(connection: Connection, { table, set }: RowChange): Promise<readonly Target[]> {
  const columns = Object.keys(set);
  const found = await connection.query(`SELECT a.attname::text AS column,
  pg_catalog.format_type(a.atttypid, -1) AS "cast", t.typcategory = 'A' AS "isArray", t.typname::text AS name,
  e.typname::text AS element
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE a.attrelid = ${quoteString(quoteName(table))}::regclass AND a.attnum > 0 AND NOT a.attisdropped`);
  return columns.map((column, at) => {
    const row = found.find((one) => one["column"] === column);
    if (row === undefined) {
      throw new AludelError("op-impossible", `The table ${showName(table)} has no column ${column}`, {
        where: { object: showName(table) },
        remedy: "Name in `write` columns that it has.",
      });
    }
    const isArray = row["isArray"] === true;
    return {
      name: quoteIdentifier(`aludel value ${at}`),
      column,
      cast: String(row["cast"]),
      type: {
        namespace: null,
        name: String(isArray ? row["element"] : row["name"]),
        modifiers: [],
        dimensions: isArray ? 1 : 0,
      },
    };
  });
}
