import { showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

function changing(context: StatementContext, name: ObjectName, at: string): Say | undefined {
  const table = context.existing(name);
  if (table === undefined) return undefined;
  const object = showRelation(table);
  return { message: `A prepared SELECT * FROM ${object} fails once in each open connection`, object, at };
}

export const rule = defineRule({
  id: "cached-plan",
  title: "The columns of a table change while statements are prepared",
  why: "A prepared `SELECT *` gives other columns than when it was prepared, and fails with “cached plan must not change result type” until the connection prepares it again; within a transaction that is the end of the transaction.",
  remedy:
    "Name the columns in queries instead of `*`, or have connections opened anew after the migration. Drivers that prepare anew by themselves are not concerned.",
  severity: "off",
  group: "compatibility",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: ["ALTER TABLE orders ADD COLUMN note text;", "ALTER TABLE orders ALTER COLUMN note TYPE varchar(20);"],
  good: [
    "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
    `CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ADD COLUMN note text;`,
  ],
  on: {
    "add-column": (act, context) => changing(context, act.table, "ADD"),
    "drop-column": (act, context) => changing(context, act.table, "DROP"),
    "alter-type": (act, context) => changing(context, act.table, "TYPE"),
  },
});
