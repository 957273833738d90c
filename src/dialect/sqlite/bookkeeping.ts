import type { Bookkeeping } from "../dialect.js";
import { quote, quoteName } from "./quote.js";

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
  tool_version TEXT NOT NULL,
  username TEXT,
  hostname TEXT,
  git_commit TEXT,
  result TEXT NOT NULL,
  statements_done INTEGER NOT NULL DEFAULT 0,
  error TEXT
)`,
  ];
}
