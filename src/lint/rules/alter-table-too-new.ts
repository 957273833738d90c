import { showVersion } from "../../config/server-version.js";
import type { OnTable } from "../../effect/act-table.js";
import type { ColumnDefinition } from "../../effect/syntax.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { showTable } from "../new-columns.js";
import { defineRule, type Say } from "../rule.js";

/** Said only of versions that do not know it. */
function tooNew(table: ObjectName, context: StatementContext, [since, what]: Novelty): Say | undefined {
  if (context.serverVersion >= since) return undefined;
  const object = showTable(context.before, table);
  return { message: `${what} is a syntax error before SQLite ${showVersion(since)}`, object };
}

/** The version that brought it, and what it is. */
type Novelty = readonly [since: number, what: string];

/** "Release History Of SQLite", https://sqlite.org/changes.html */
const since = {
  renameColumn: 3_025,
  generated: 3_031,
  dropColumn: 3_035,
  strict: 3_037,
  alterConstraints: 3_053,
};

function newInColumns(columns: readonly ColumnDefinition[]): readonly Novelty[] {
  return columns.some(({ generated }) => generated !== null) ? [[since.generated, "A generated column"]] : [];
}

function never(act: OnTable, context: StatementContext, what: string): Say {
  const object = showTable(context.before, act.table);
  return { message: `SQLite has no ALTER TABLE that does this: ${what}`, object, severity: "error" };
}

export const rule = defineRule({
  id: "alter-table-too-new",
  title: "What only newer versions of SQLite know, or none",
  why: "SQLite renames columns from 3.25 on, has generated columns from 3.31, drops columns from 3.35, knows STRICT from 3.37, and alters NOT NULL and CHECK in place from 3.53 on; before, the statement is a syntax error. What is deployed is often not new: unless `serverVersion` says which it is, 3.40 is meant, which Debian 12 has. Types, defaults, keys, UNIQUE and foreign keys no version alters.",
  remedy: "Make the table anew: `op.batchAlterTable` works on every version.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;",
    "ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0);",
    "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (number);",
    "ALTER TABLE orders ALTER COLUMN amount TYPE TEXT;",
    { serverVersion: 3_034, sql: "ALTER TABLE orders DROP COLUMN note;" },
    { serverVersion: 3_024, sql: "ALTER TABLE orders RENAME COLUMN note TO remark;" },
    { serverVersion: 3_036, sql: "CREATE TABLE orders (id INTEGER PRIMARY KEY) STRICT;" },
    { serverVersion: 3_030, sql: "CREATE TABLE orders (a INTEGER, b INTEGER AS (a * 2));" },
  ],
  good: [
    { serverVersion: 3_053, sql: "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;" },
    "ALTER TABLE orders DROP COLUMN note;",
    "CREATE TABLE orders (a INTEGER, b INTEGER AS (a * 2)) STRICT;",
    "ALTER TABLE orders ADD COLUMN note TEXT;",
    "ALTER TABLE orders RENAME COLUMN note TO remark;",
  ],
  on: {
    rename: (act, context) =>
      act.object === "column" ? tooNew(act.name, context, [since.renameColumn, "RENAME COLUMN"]) : undefined,
    "drop-column": (act, context) => tooNew(act.table, context, [since.dropColumn, "DROP COLUMN"]),
    "add-column": (act, context) =>
      newInColumns([act.definition]).flatMap((one) => tooNew(act.table, context, one) ?? []),
    "create-table": (act, context) => {
      const isStrict = act.options.some(({ name }) => name === "strict");
      const all = [...newInColumns(act.columns), ...(isStrict ? [[since.strict, "STRICT"] as const] : [])];
      return all.flatMap((one) => tooNew(act.name, context, one) ?? []);
    },
    "set-not-null": (act, context) => tooNew(act.table, context, [since.alterConstraints, "SET NOT NULL"]),
    "drop-not-null": (act, context) => tooNew(act.table, context, [since.alterConstraints, "DROP NOT NULL"]),
    "drop-constraint": (act, context) =>
      tooNew(act.table, context, [since.alterConstraints, "DROP CONSTRAINT"]),
    "add-constraint": (act, context) =>
      act.constraint.kind === "check"
        ? tooNew(act.table, context, [since.alterConstraints, "ADD CONSTRAINT"])
        : never(act, context, `adding a ${act.constraint.kind.replace("-", " ")}`),
    "set-default": (act, context) => never(act, context, "SET DEFAULT"),
    "drop-default": (act, context) => never(act, context, "DROP DEFAULT"),
    "alter-table-other": (act, context) => never(act, context, act.subcommand),
  },
});
