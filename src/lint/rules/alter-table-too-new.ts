import type { OnTable } from "../../effect/act-table.js";
import type { StatementContext } from "../context.js";
import { showTable } from "../new-columns.js";
import { defineRule, type Say } from "../rule.js";

function tooNew(act: OnTable, context: StatementContext, what: string): Say {
  const object = showTable(context.before, act.table);
  return { message: `${what} is a syntax error before SQLite 3.53`, object };
}

function never(act: OnTable, context: StatementContext, what: string): Say {
  const object = showTable(context.before, act.table);
  return { message: `SQLite has no ALTER TABLE that does this: ${what}`, object, severity: "error" };
}

export const rule = defineRule({
  id: "alter-table-too-new",
  title: "ALTER TABLE that only new versions of SQLite know, or none",
  why: "SQLite alters NOT NULL and CHECK in place from 3.53 on; before, the statement is a syntax error, and what is deployed is often older: Debian 12 has 3.40. Types, defaults, keys, UNIQUE and foreign keys no version alters.",
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
  ],
  good: ["ALTER TABLE orders ADD COLUMN note TEXT;", "ALTER TABLE orders RENAME COLUMN note TO remark;"],
  on: {
    "set-not-null": (act, context) => tooNew(act, context, "SET NOT NULL"),
    "drop-not-null": (act, context) => tooNew(act, context, "DROP NOT NULL"),
    "drop-constraint": (act, context) => tooNew(act, context, "DROP CONSTRAINT"),
    "add-constraint": (act, context) =>
      act.constraint.kind === "check"
        ? tooNew(act, context, "ADD CONSTRAINT")
        : never(act, context, `adding a ${act.constraint.kind.replace("-", " ")}`),
    "set-default": (act, context) => never(act, context, "SET DEFAULT"),
    "drop-default": (act, context) => never(act, context, "DROP DEFAULT"),
    "alter-table-other": (act, context) => never(act, context, act.subcommand),
  },
});
