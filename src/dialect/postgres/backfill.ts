import type { AludelError } from "../../error/error.js";
import type { ObjectName } from "../../schema/name.js";
import { assignments, type Backfilling, type Cursor, updateText, type Walk } from "../backfill.js";
import type { Connection } from "../connection.js";
import { postgresBackfillTableDdl } from "./bookkeeping.js";
import { changeComputed } from "./computed-rows.js";
import { quoteIdentifier, quoteName, quoteString } from "./quote.js";
import { waiting } from "./waiting.js";

/** Up to this size a table that was never analysed is counted. */
const countedBytes = 100_000_000;

interface Facts {
  readonly table: ObjectName;
  readonly key: readonly string[];
  readonly rows: number | null;
  readonly pages: number;
  readonly version: number;
}

async function factsOf(connection: Connection, table: ObjectName): Promise<Facts> {
  const [row] = await connection.query(`SELECT
  ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts ORDER BY k.position) AS key,
  p.rows, p.pages, p.bytes
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL (
  SELECT sum(l.reltuples)::float8 AS rows, sum(pg_catalog.pg_relation_size(l.oid))::float8 AS bytes,
    max(pg_catalog.pg_relation_size(l.oid))::float8 / current_setting('block_size')::float8 AS pages
  FROM pg_catalog.pg_class AS l WHERE l.relkind <> 'p' AND (l.oid = c.oid
    OR l.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid)))) AS p
WHERE c.oid = ${quoteString(quoteName(table))}::regclass`);
  const analysed = Number(row?.["rows"] ?? 0);
  const bytes = Number(row?.["bytes"] ?? 0);
  const rows = analysed > 0 ? analysed : bytes > countedBytes ? null : await count(connection, table);
  return {
    table,
    key: (row?.["key"] ?? []) as readonly string[],
    rows,
    pages: Number(row?.["pages"] ?? 0),
    version: connection.server.version,
  };
}

async function count(connection: Connection, table: ObjectName): Promise<number> {
  const [row] = await connection.query(`SELECT count(*) AS n FROM ${quoteName(table)}`);
  return Number(row?.["n"] ?? 0);
}

/** In the order of the primary key, whose index gives it. */
function byKey(connection: Connection, { table, key, rows }: Facts): Walk {
  const columns = key.map(quoteIdentifier);
  const tuple = `(${columns.join(", ")})`;
  const place = (cursor: Cursor) => `(${cursor.map(quoteString).join(", ")})`;
  const list = columns.join(", ");
  const backwards = columns.map((column) => `${column} DESC`).join(", ");
  const texts = columns.map((column, at) => `${column}::text AS k${at}`).join(", ");
  const read = (row: Readonly<Record<string, unknown>>) => key.map((_, at) => String(row[`k${at}`]));
  return {
    by: `primary key (${key.join(", ")})`,
    rows,
    async next(after, size) {
      const from = after === null ? "" : ` WHERE ${tuple} > ${place(after)}`;
      const ordered = `FROM ${quoteName(table)}${from} ORDER BY ${list}`;
      const [at] = await connection.query(`SELECT ${texts} ${ordered} OFFSET ${size - 1} LIMIT 1`);
      if (at !== undefined) return read(at);
      // There are not so many any more.
      const page = `SELECT ${list} ${ordered} LIMIT ${size}`;
      const [row] = await connection.query(
        `SELECT ${texts} FROM (${page}) AS page ORDER BY ${backwards} LIMIT 1`,
      );
      return row === undefined ? null : read(row);
    },
    range: (after, upTo) =>
      `${after === null ? "" : `${tuple} > ${place(after)} AND `}${tuple} <= ${place(upTo)}`,
    async names(where, limit) {
      const found = await connection.query(
        `SELECT ${texts} FROM ${quoteName(table)} WHERE ${where} ORDER BY ${list} LIMIT ${limit}`,
      );
      return found.map((row) =>
        read(row)
          .map((value, at) => `${key[at]} = ${value}`)
          .join(", "),
      );
    },
  };
}

/** What a page holds where nobody has counted. */
const usualRowsOfPage = 50;

/** Before PostgreSQL 14 every range of pages is a scan of the whole table: there the ranges are few. */
const fewParts = 10;

/** In the order of the pages in which the rows are kept. Rows that are written move behind them. */
function byPage(connection: Connection, { table, rows, pages: all, version }: Facts): Walk {
  const rowsOfPage = Math.max(1, rows === null || all === 0 ? usualRowsOfPage : rows / all);
  const tid = ([page = "0", row = "0"]: Cursor) => `'(${Number(page)},${Number(row)})'::tid`;
  const range = (after: Cursor | null, upTo: Cursor) =>
    `${after === null ? "" : `ctid > ${tid(after)} AND `}ctid <= ${tid(upTo)}`;
  const leastPages = version < 140_000 ? Math.ceil(all / fewParts) : 1;
  return {
    by: "pages, for there is no primary key",
    rows,
    async next(after, size) {
      const page = Number(after?.[0] ?? 0);
      if (page >= all) return null;
      const pages = Math.floor(size / rowsOfPage);
      const end = [String(page + Math.max(pages, leastPages)), "0"];
      if (pages >= 1) return end;
      const found = await connection.query(
        `SELECT ctid::text AS place FROM ${quoteName(table)} WHERE ${range(after, end)} ORDER BY ctid LIMIT ${size}`,
      );
      const last = found.length < size ? undefined : /\((\d+),(\d+)\)/.exec(String(found.at(-1)?.["place"]));
      return last?.[1] === undefined || last[2] === undefined ? end : [last[1], last[2]];
    },
    range,
    async names(where, limit) {
      const found = await connection.query(
        `SELECT ctid::text AS place FROM ${quoteName(table)} WHERE ${where} LIMIT ${limit}`,
      );
      return found.map((row) => `ctid = ${String(row["place"])}`);
    },
  };
}

/** Data exceptions, integrity constraints, RAISE, and WITH CHECK OPTION (manual, appendix "Error Codes"). */
const ofRows = /^(?:22|23|44|P0)/;

/** Source: PostgreSQL manual, "Error Codes": query_canceled is what statement_timeout and lock_timeout of old end in. */
function reason(error: AludelError): "busy" | "row" | "statement" {
  const state = String(error.data["sqlState"] ?? "");
  if (waiting.gaveWay(error) || state === "57014") return "busy";
  return ofRows.test(state) ? "row" : "statement";
}

/** See `Backfilling`. */
export const backfilling: Backfilling = {
  tableDdl: postgresBackfillTableDdl,
  async walk(connection, table) {
    const facts = await factsOf(connection, table);
    return facts.key.length > 0 ? byKey(connection, facts) : byPage(connection, facts);
  },
  async change(connection, change, range, { asksAgain }) {
    if (change.computed !== undefined) return changeComputed(connection, change, change.computed.read, range);
    const { changedRows } = connection;
    if (!asksAgain && changedRows !== undefined) {
      const before = await changedRows();
      await connection.query(updateText({ quote: quoteIdentifier, quoteName }, change, range));
      return { written: (await changedRows()) - before, again: 0 };
    }
    const { set, where } = assignments(quoteIdentifier, change);
    const [row] = await connection.query(
      `WITH changed AS (UPDATE ${quoteName(change.table)} SET ${set} WHERE ${range} AND ${where} RETURNING ${where} AS again)
SELECT count(*) AS written, count(*) FILTER (WHERE again) AS again FROM changed`,
    );
    return { written: Number(row?.["written"] ?? 0), again: Number(row?.["again"] ?? 0) };
  },
  limits: (lockMs) => `SET LOCAL lock_timeout = ${lockMs}`,
  pace: { partMs: 250, restMs: 0 },
  reason,
};
