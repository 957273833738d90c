import type { Dialect } from "../dialect.js";
import { assertion } from "./assertion.js";
import { backfilling } from "./backfill.js";
import {
  bookkeepingDdl,
  columnNames,
  deployTableDdl,
  laterColumns,
  seedTableDdl,
  stateTableDdl,
} from "./bookkeeping.js";
import { arrange } from "./compile/arrange.js";
import { compile, needsSchema } from "./compile/compile.js";
import { connect } from "./connect.js";
import { isMissingObject, isMissingTable } from "./driver-error.js";
import { equivalent } from "./equivalent.js";
import { sameExpression } from "./expression.js";
import { identify } from "./identify.js";
import { foreignKeyViolations, inspect, uninspected } from "./inspect.js";
import { lock } from "./lock.js";
import { narrowing } from "./narrowing.js";
import { normalize } from "./normalize.js";
import { literal, placeholder, quote, quoteName } from "./quote.js";
import { openScratch } from "./scratch.js";
import { splitStatements } from "./split.js";
import { formatType, parseType } from "./types.js";
import { waiting } from "./waiting.js";

/** SQLite 3.38 and newer, through node:sqlite, better-sqlite3 or libsql. */
export const sqlite: Dialect = {
  name: "sqlite",
  can: {
    objects: {
      namespace: false,
      extension: false,
      enum: false,
      sequence: false,
      table: true,
      view: true,
      domain: false,
      composite: false,
      defined: true,
    },
    comments: false,
    rowSecurity: false,
    materializedViews: false,
    transactionalDdl: true,
    forwardReferences: true,
    fillsNulls: true,
    keepsNames: false,
    collationIsType: false,
    grants: false,
    dependencies: false,
    defaultNamespace: "main",
    defaultNamespaceComment: null,
    identifierBytes: null,
  },
  quote,
  quoteName,
  literal,
  differs: (a, b) => `${a} IS NOT ${b}`,
  placeholder,
  parseType,
  formatType,
  normalize,
  sameExpression,
  compile,
  needsSchema,
  arrange,
  narrowing,
  holdsEnumValue: null,
  splitScript: async (script) => splitStatements(script),
  // The write lock at once: two that begin by reading could not both go on to write.
  begin: "BEGIN IMMEDIATE",
  // The shell's own default is OFF.
  assertion,
  scriptHeader: [".bail on", "PRAGMA foreign_keys = ON;"],
  sessionReset: null,
  readOnlySession: () => "PRAGMA query_only = ON",
  tableNames: async (connection, without) => {
    const own = new Set(without.map(({ name }) => name));
    const rows = await connection.query(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    return rows.map((row) => String(row["name"])).filter((name) => !own.has(name));
  },
  isMissingTable,
  isMissingObject,
  isMissingPart: isMissingObject,
  uncheckedBodies: null,
  sessionSettings: null,
  foreignKeySwitch: {
    off: "PRAGMA foreign_keys = OFF",
    // A rebuild that failed in its middle may have left the other setting on.
    on: "PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON",
    violations: foreignKeyViolations,
    check: `SELECT CASE WHEN count(*) > 0 THEN json_extract('{}', count(*) || ' row(s) would point at rows that do not exist') END
FROM pragma_foreign_key_check`,
  },
  connect,
  inspect,
  uninspected,
  equivalent,
  bookkeepingDdl,
  laterColumns,
  columnNames,
  seedTableDdl,
  backfilling,
  deployTableDdl,
  stateTableDdl,
  room: async (connection) => (await import("./room.js")).room(connection),
  lock,
  waiting,
  ailments: async (connection) => (await import("./ailments.js")).ailments(connection),
  identify,
  openScratch,
  analyse: async (sources, options) => (await import("./effect/analyse.js")).analyseSqlite(sources, options),
};
