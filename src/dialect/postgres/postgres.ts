import type { Dialect } from "../dialect.js";
import { assertion } from "./assertion.js";
import { backfilling } from "./backfill.js";
import {
  postgresBookkeepingDdl,
  postgresColumnNames,
  postgresDeployTableDdl,
  postgresLaterColumns,
  postgresSeedTableDdl,
  postgresStateTableDdl,
} from "./bookkeeping.js";
import { castExpression } from "./cast.js";
import { compile, needsSchema } from "./compile/compile.js";
import { defaultNamespaceComment } from "./default-names.js";
import { isMissingObject, isMissingPart } from "./driver-error.js";
import { expand } from "./expand/expand.js";
import { namespaces } from "./namespaces.js";
import { narrowing } from "./narrowing.js";
import { normalize } from "./normalize.js";
import { literal, quoteIdentifier, quoteName, quoteString } from "./quote.js";
import { reads } from "./reads.js";
import { canReplace, checksBody } from "./replace.js";
import { safeForm } from "./safe-form/safe-form.js";
import { sameExpression } from "./token.js";
import { formatType, parseType } from "./types.js";
import { waiting } from "./waiting.js";

/**
 * PostgreSQL 14 to 18, on a server or as PGlite. The driver, the parser and all that talks to a database are
 * loaded when they are first called.
 */
export const postgres: Dialect = {
  name: "postgres",
  can: {
    objects: {
      namespace: true,
      extension: true,
      enum: true,
      sequence: true,
      table: true,
      view: true,
      domain: true,
      composite: true,
      defined: true,
    },
    comments: true,
    rowSecurity: true,
    materializedViews: true,
    forwardReferences: false,
    fillsNulls: false,
    keepsNames: true,
    collationIsType: true,
    grants: true,
    dependencies: true,
    transactionalDdl: true,
    defaultNamespace: "public",
    defaultNamespaceComment,
    identifierBytes: 63,
  },
  quote: quoteIdentifier,
  quoteName,
  literal,
  // Not every type has an operator for equality (json).
  differs: (a, b) => `${a}::text IS DISTINCT FROM ${b}::text`,
  placeholder: (position) => `$${position}`,
  parseType,
  formatType,
  castExpression,
  narrowing,
  holdsEnumValue: (column, value) =>
    column.type.dimensions === 0
      ? `${quoteIdentifier(column.name)}::text = ${quoteString(value)}`
      : `${quoteString(value)} = ANY (${quoteIdentifier(column.name)}::text[])`,
  normalize,
  sameExpression,
  canReplace,
  checksBody,
  compile,
  needsSchema,
  arrange: (ops) => ops,
  safeForm,
  expand,
  splitScript: async (script) => (await import("./split.js")).splitPostgresScript(script),
  analyse: async (sources, options) =>
    (await import("./effect/analyse.js")).analysePostgres(sources, options),
  begin: "BEGIN",
  assertion,
  usedQueries: async (connection) => (await import("./used-queries.js")).usedQueries(connection),
  tableSizes: async (connection) => (await import("./table-sizes.js")).tableSizes(connection),
  scriptHeader: ["\\set ON_ERROR_STOP on"],
  sessionReset: "RESET ALL",
  readOnlySession: (milliseconds) =>
    `SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET statement_timeout = ${milliseconds}; SET lock_timeout = ${milliseconds}`,
  tableNames: async (...given) => (await import("./table-names.js")).tableNames(...given),
  // 42P01 is undefined_table (manual, appendix A).
  isMissingTable: (error) => error.data["sqlState"] === "42P01",
  isMissingObject,
  unknownTypes: async (connection, types) => {
    const query = "SELECT name FROM unnest($1::text[]) AS name WHERE to_regtype(name) IS NULL";
    return (await connection.query(query, [types])).map((row) => String(row["name"]));
  },
  isMissingPart,
  uncheckedBodies: "SET check_function_bodies = off",
  sessionSettings: async (connection) => (await import("./session-settings.js")).sessionSettings(connection),
  foreignKeySwitch: null,
  connect: async (url, options) => (await import("./connect.js")).connectPostgres(url, options),
  uninspected: async (connection, scope) =>
    (await import("./inspect/uninspected.js")).uninspected(connection, scope),
  inspect: async (connection, scope) =>
    (await import("./inspect/inspect.js")).inspectPostgres(connection, scope),
  equivalent: async (...asked) => (await import("./equivalent.js")).equivalent(...asked),
  bookkeepingDdl: postgresBookkeepingDdl,
  laterColumns: postgresLaterColumns,
  columnNames: postgresColumnNames,
  seedTableDdl: postgresSeedTableDdl,
  namespaces,
  backfilling,
  deployTableDdl: postgresDeployTableDdl,
  stateTableDdl: postgresStateTableDdl,
  reads,
  missingPrivileges: async (connection, needed) =>
    (await import("./privileges.js")).missingPrivileges(connection, needed),
  swapsSessions: async (connection, openBeside) =>
    (await import("./swapped.js")).swapsSessions(connection, openBeside),
  waiting,
  ailments: async (...given) => (await import("./ailments.js")).ailments(...given),
  activity: async (connection, longMs) => (await import("./activity.js")).activity(connection, longMs),
  identify: async (connection) => (await import("./identify.js")).identify(connection),
  lock: async (connection, options) => (await import("./lock.js")).lockPostgres(connection, options),
  openTracer: async (scratch) => (await import("./trace/open-tracer.js")).openPostgresTracer(scratch),
  openScratch: async (options) => (await import("./scratch.js")).openPostgresScratch(options),
};
