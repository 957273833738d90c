import type { Act, ActKind } from "../../effect/act.js";
import { defineRule } from "../rule.js";
import { isRunByUs } from "../sessions.js";

/** How an act is written so that it can run twice; only those that have a way of being written so. */
const guards: { readonly [K in ActKind]?: (act: Act) => string | null } = {
  "create-table": (act) => ifNot(act, "CREATE TABLE IF NOT EXISTS"),
  "add-column": (act) => ifNot(act, "ADD COLUMN IF NOT EXISTS"),
  // IF NOT EXISTS would take an invalid index of an attempt that failed for the index.
  "create-index": (act) =>
    "concurrently" in act && act.concurrently ? null : ifNot(act, "CREATE INDEX IF NOT EXISTS"),
  "create-schema": (act) => ifNot(act, "CREATE SCHEMA IF NOT EXISTS"),
  "create-sequence": (act) => ifNot(act, "CREATE SEQUENCE IF NOT EXISTS"),
  "create-extension": (act) => ifNot(act, "CREATE EXTENSION IF NOT EXISTS"),
  "add-enum-value": (act) => ifNot(act, "ADD VALUE IF NOT EXISTS"),
  drop: (act) => ifExists(act, "DROP … IF EXISTS"),
  "drop-column": (act) => ifExists(act, "DROP COLUMN IF EXISTS"),
  "drop-constraint": (act) => ifExists(act, "DROP CONSTRAINT IF EXISTS"),
  "drop-from-table": (act) => ifExists(act, "DROP … IF EXISTS"),
};

const ifNot = (act: Act, text: string): string | null =>
  "ifNotExists" in act && act.ifNotExists ? null : text;
const ifExists = (act: Act, text: string): string | null => ("ifExists" in act && act.ifExists ? null : text);

export const rule = defineRule({
  id: "not-rerunnable",
  title: "A statement outside a transaction that cannot run twice",
  why: "Outside a transaction a file that fails in its middle leaves behind what it did before, and fails on that when it is run again.",
  remedy:
    "Write IF EXISTS and IF NOT EXISTS, except with CREATE INDEX CONCURRENTLY. In a revision of Aludel every statement outside a transaction is resumed by itself.",
  severity: "off",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    squawk: ["prefer-robust-stmts"],
    pgls: ["preferRobustStmts"],
    "pg-migration-lint": ["PGM401", "PGM402"],
  },
  bad: [
    { inTransaction: false, sql: "CREATE TABLE orders (id bigint PRIMARY KEY);" },
    { inTransaction: false, sql: "ALTER TABLE orders DROP COLUMN note;" },
  ],
  good: [
    "CREATE TABLE orders (id bigint PRIMARY KEY);",
    { inTransaction: false, sql: "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY);" },
    { inTransaction: false, sql: "CREATE INDEX CONCURRENTLY orders_note ON orders (note);" },
  ],
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    return context.unit.statements.flatMap(({ acts, transaction, line }) => {
      if (transaction.by !== "none") return [];
      const texts = acts.flatMap((act) => guards[act.kind]?.(act) ?? []);
      const [text] = texts;
      return text === undefined ? [] : [{ message: `This fails when it is run again: ${text}`, line }];
    });
  },
});
