import { AludelError } from "../../error/error.js";
import type { ObjectName } from "../../schema/name.js";
import {
  assignments,
  type Backfilling,
  type Changed,
  type Cursor,
  computeRows,
  type RowChange,
  updateText,
  type Walk,
} from "../backfill.js";
import type { Connection } from "../connection.js";
import { backfillTableDdl } from "./bookkeeping.js";
import { quote, quoteName } from "./quote.js";
import { waiting } from "./waiting.js";

/** Names by which a table's rows can be asked for, of which a column may have taken one (SQLite, "ROWIDs and the INTEGER PRIMARY KEY"). */
const rowids = ["rowid", "_rowid_", "oid"];

interface Key {
  readonly by: string;
  /** As SQL has them. */
  readonly columns: readonly string[];
  /** For a person. */
  readonly names: readonly string[];
}

async function keyOf(connection: Connection, table: ObjectName): Promise<Key> {
  const columns = await connection.query("SELECT name, pk FROM pragma_table_info(?, ?) ORDER BY pk", [
    table.name,
    table.namespace ?? "main",
  ]);
  const taken = new Set(columns.map((column) => String(column["name"]).toLowerCase()));
  const rowid = rowids.find((name) => !taken.has(name));
  if (rowid !== undefined && (await hasRowid(connection, table, rowid))) {
    return { by: "rowid", columns: [rowid], names: ["rowid"] };
  }
  const names = columns.filter((column) => Number(column["pk"]) > 0).map((column) => String(column["name"]));
  if (names.length > 0) return { by: `primary key (${names.join(", ")})`, columns: names.map(quote), names };
  throw new AludelError("op-unsupported", `The rows of ${table.name} have no name to be asked for`, {
    remedy:
      "It has columns rowid, _rowid_ and oid and no primary key: rename one of them, or use op.execute.",
  });
}

async function hasRowid(connection: Connection, table: ObjectName, rowid: string): Promise<boolean> {
  try {
    await connection.query(`SELECT ${rowid} FROM ${quoteName(table)} LIMIT 0`);
    return true;
  } catch (error) {
    if (error instanceof AludelError && /no such column/.test(error.message)) return false;
    throw error;
  }
}

/** What `quote()` gives, and nothing else: it goes into a statement as it is. */
const literalPattern = /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|-?9\.0e\+?999|'(?:[^']|'')*'|X'[0-9A-F]*'|NULL)$/i;

function literalOf(text: string): string {
  if (literalPattern.test(text)) return text;
  throw new AludelError("sql-failed", "The place that a backfill has come to cannot be read", {
    remedy:
      "Delete its row of the table aludel_backfill: the next run begins anew, and passes over rows that are done.",
  });
}

function walkBy(connection: Connection, table: ObjectName, key: Key, rows: number): Walk {
  const { columns } = key;
  const tuple = columns.length === 1 ? String(columns[0]) : `(${columns.join(", ")})`;
  const place = (cursor: Cursor) => {
    const values = cursor.map(literalOf).join(", ");
    return cursor.length === 1 ? values : `(${values})`;
  };
  const list = columns.join(", ");
  const inner = columns.map((column, at) => `${column} AS c${at}`).join(", ");
  const texts = columns.map((_, at) => `quote(c${at}) AS k${at}`).join(", ");
  const read = (row: Readonly<Record<string, unknown>>) => columns.map((_, at) => String(row[`k${at}`]));
  const ordered = columns.map((_, at) => `c${at} DESC`).join(", ");
  return {
    by: key.by,
    rows,
    async next(after, size) {
      const from = after === null ? "" : ` WHERE ${tuple} > ${place(after)}`;
      const page = `SELECT ${inner} FROM ${quoteName(table)}${from} ORDER BY ${list} LIMIT ${size}`;
      const [row] = await connection.query(`SELECT ${texts} FROM (${page}) ORDER BY ${ordered} LIMIT 1`);
      return row === undefined ? null : read(row);
    },
    range: (after, upTo) =>
      `${after === null ? "" : `${tuple} > ${place(after)} AND `}${tuple} <= ${place(upTo)}`,
    async names(where, limit) {
      const page = `SELECT ${inner} FROM ${quoteName(table)} WHERE ${where} ORDER BY ${list} LIMIT ${limit}`;
      const found = await connection.query(`SELECT ${texts} FROM (${page})`);
      return found.map((row) =>
        read(row)
          .map((value, at) => `${key.names[at]} = ${value}`)
          .join(", "),
      );
    },
  };
}

/** How many rows of a range the predicate fits. */
async function fitting(connection: Connection, change: RowChange, range: string): Promise<number> {
  const { where } = assignments(quote, change);
  const [row] = await connection.query(
    `SELECT count(*) AS n FROM ${quoteName(change.table)} WHERE ${range} AND ${where}`,
  );
  return Number(row?.["n"] ?? 0);
}

async function changeComputed(
  connection: Connection,
  change: RowChange,
  read: readonly string[],
  range: string,
): Promise<Changed> {
  const table = quoteName(change.table);
  const { columns: key } = await keyOf(connection, change.table);
  const { where } = assignments(quote, change);
  const keys = key.map((column, at) => `quote(${column}) AS "aludel key ${at}"`);
  const found = await connection.query(
    `SELECT ${[...keys, ...read.map(quote)].join(", ")} FROM ${table} WHERE ${range} AND ${where}`,
  );
  const made = await computeRows(change, found);
  const columns = Object.keys(change.set);
  const set = columns.map((column) => `${quote(column)} = ?`).join(", ");
  for (const [at, record] of made.entries()) {
    const row = key.map(
      (column, part) => `${column} = ${literalOf(String(found[at]?.[`aludel key ${part}`]))}`,
    );
    await connection.query(
      `UPDATE ${table} SET ${set} WHERE ${row.join(" AND ")}`,
      columns.map((column) => record[column]),
    );
  }
  return { written: made.length, again: made.length === 0 ? 0 : await fitting(connection, change, range) };
}

/** Constraints, values of a wrong type, and RAISE (SQLite, "Result and Error Codes"). */
const ofRows = /^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG)/;

/**
 * See `Backfilling`. There is one writer at a time, and who waits for it looks again only after a pause: parts are short, and
 * there is time between them for another writer to come in.
 */
export const backfilling: Backfilling = {
  tableDdl: backfillTableDdl,
  async walk(connection, table) {
    const [row] = await connection.query(`SELECT count(*) AS n FROM ${quoteName(table)}`);
    return walkBy(connection, table, await keyOf(connection, table), Number(row?.["n"] ?? 0));
  },
  async change(connection, change, range, { asksAgain }) {
    if (change.computed !== undefined) return changeComputed(connection, change, change.computed.read, range);
    await connection.query(updateText({ quote, quoteName }, change, range));
    const [row] = await connection.query("SELECT changes() AS written");
    const written = Number(row?.["written"] ?? 0);
    const again = written === 0 || !asksAgain ? 0 : await fitting(connection, change, range);
    return { written, again };
  },
  limits: () => "",
  pace: { partMs: 100, restMs: 25 },
  reason(error) {
    if (waiting.gaveWay(error)) return "busy";
    return ofRows.test(String(error.data["sqliteCode"] ?? "")) ? "row" : "statement";
  },
};
