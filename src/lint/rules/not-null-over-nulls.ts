import { showRelation } from "../../effect/world.js";
import { isAsserted } from "../asserted.js";
import { askBefore, noNull } from "../precheck.js";
import { isEmptied, isMended } from "../rows-before.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "not-null-over-nulls",
  title: "SET NOT NULL without filling the column before",
  why: "The first NULL makes it fail where it is deployed. Neither this file nor an earlier one gives every row a value; where the column is as new as the file, and has no default, every row has a NULL.",
  remedy: "Fill the column first, in batches, and have all running code write it.",
  severity: "info",
  group: "data-dependent",
  dialects: ["postgres"],
  small: "same",
  tag: "backfill",
  aliases: { atlas: ["MF104"] },
  bad: [
    {
      note: "it is another column now, and only some rows were filled",
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, number integer, code integer);",
        "UPDATE orders SET number = 0; ALTER TABLE orders DROP COLUMN number;",
        "ALTER TABLE orders ADD COLUMN number integer; UPDATE orders SET number = 0 WHERE id < 10;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;",
    },
    "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;",
    {
      note: "with a row it fails",
      sql: `ALTER TABLE orders ADD COLUMN number integer;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
    },
  ],
  good: [
    `UPDATE orders SET number = 0 WHERE number IS NULL;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
    {
      note: "an earlier file has filled the column",
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY);",
        "ALTER TABLE orders ADD COLUMN number integer;",
        "UPDATE orders SET number = 0 WHERE number IS NULL;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;",
    },
    {
      note: "the run ends before, if there is a NULL",
      message: "every order has a number",
      sql: `-- aludel:assert Every order has a number
SELECT id FROM orders WHERE number IS NULL;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
    },
    {
      note: "a valid check proves it",
      before: "CREATE TABLE orders (number integer CHECK (number IS NOT NULL));",
      sql: "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;",
    },
    `ALTER TABLE orders ADD COLUMN number integer DEFAULT 0;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
  ],
  on: {
    "set-not-null": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || context.effectOf(act).scans.length === 0) return undefined;
      const { position } = context.statement;
      if (isMended(context.unit, table.id, act.column, position)) return undefined;
      if (isEmptied(context.unit, table.id, position)) return undefined;
      const since = context.unit.statements[0]?.position ?? 0;
      const column = table.columns.get(act.column);
      if (column?.filledAt !== undefined) return undefined;
      const isNew = column !== undefined && (column.bornAt ?? -1) >= since;
      if (isNew && (column.default !== null || column.generated !== null || column.identity !== null)) {
        return undefined;
      }
      if (isAsserted(table, [act.column], context)) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      const asked = noNull({ table, name: act.table, sql: context.sql }, act.column);
      return {
        message: isNew
          ? `${object} is new and NULL in all rows: with one row it fails`
          : `It fails if ${object} is NULL in a row, and nothing here has filled it`,
        object,
        relations: [table],
        at: "SET NOT NULL",
        ...(isNew
          ? { severity: "error" as const }
          : { precheck: asked, remedy: `Fill the column first. ${askBefore(asked)}` }),
      };
    },
  },
});
