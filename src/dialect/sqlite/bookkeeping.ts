import type { ObjectName } from "../../schema/name.js";
import type { Bookkeeping } from "../dialect.js";
import type { LaterColumns } from "../later-columns.js";
import { literal, quote, quoteName } from "./quote.js";

/** See `Dialect.laterColumns`. */
export const laterColumns: LaterColumns = {
  runLog: { run_id: "TEXT", lock_wait_ms: "REAL", gave_way: "INTEGER", rows_changed: "INTEGER" },
  deploy: {
    run_id: "TEXT",
    lock_wait_ms: "REAL",
    gave_way: "INTEGER",
    rows_changed: "INTEGER",
    receipt: "TEXT",
  },
};

const definitions = (columns: Readonly<Record<string, string>>) =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(",\n  ");

/** Columns of every table that says who wrote a line. */
const runner = `tool_version TEXT NOT NULL,
  username TEXT,
  hostname TEXT,
  git_commit TEXT`;

/** See `Dialect.columnNames`. */
export function columnNames({ namespace, name }: ObjectName): string {
  const schema = namespace === null ? "" : `, ${literal(namespace)}`;
  return `SELECT name FROM pragma_table_info(${literal(name)}${schema})`;
}

/** See `Dialect.bookkeepingDdl`. Dates are text in ISO 8601, as SQLite's own date functions take them. */
export function bookkeepingDdl({ versionTable, runLogTable }: Bookkeeping): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(versionTable)} (
  version_num VARCHAR(255) NOT NULL,
  CONSTRAINT ${quote(`${versionTable.name}_pkc`)} PRIMARY KEY (version_num)
)`,
    `CREATE TABLE IF NOT EXISTS ${quoteName(runLogTable)} (
  id INTEGER PRIMARY KEY,
  revision TEXT NOT NULL,
  direction TEXT NOT NULL,
  started_at TEXT NOT NULL,
  duration_ms REAL,
  checksum TEXT,
  ${runner},
  result TEXT NOT NULL,
  statements_done INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  ${definitions(laterColumns.runLog)}
)`,
  ];
}

/** See `Dialect.deployTableDdl`. */
export function deployTableDdl(table: ObjectName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (
  id INTEGER PRIMARY KEY,
  environment TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  result TEXT NOT NULL,
  stopped_in TEXT,
  error TEXT,
  revisions TEXT NOT NULL,
  ${runner},
  plan_token TEXT,
  backup TEXT,
  smoke TEXT,
  run_log_id INTEGER NOT NULL,
  ${definitions(laterColumns.deploy)}
)`,
  ];
}

/** See `Dialect.stateTableDdl`. */
export function stateTableDdl(table: ObjectName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  said_at TEXT NOT NULL,
  ${runner}
)`,
  ];
}

/** See `Dialect.seedTableDdl`. */
export function seedTableDdl(table: ObjectName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (
  name TEXT PRIMARY KEY NOT NULL,
  checksum TEXT NOT NULL,
  seeded_at TEXT NOT NULL,
  run_log_id INTEGER NOT NULL
)`,
  ];
}

/** See `Backfilling.tableDdl`. */
export function backfillTableDdl(table: ObjectName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (
  revision TEXT NOT NULL,
  direction TEXT NOT NULL,
  position INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  state TEXT NOT NULL,
  wanted TEXT NOT NULL,
  place TEXT,
  pass INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  written INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  total INTEGER,
  part_rows INTEGER NOT NULL,
  refused TEXT NOT NULL,
  error TEXT,
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (revision, direction, position)
)`,
  ];
}
