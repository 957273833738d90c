import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "set-expression",
  title: "SET EXPRESSION of a stored column",
  why: "The new expression is worked out for every row at once: all rows and indexes are written anew under an ACCESS EXCLUSIVE lock, and neither reads nor writes get through.",
  remedy:
    "Add a second column with the new expression in the way that `add-stored-generated-column` says, and drop the old one when nothing names it any more.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  since: 17,
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (net numeric, gross numeric GENERATED ALWAYS AS (net * 1.2) STORED);",
      sql: "ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (net * 1.25);",
    },
    {
      note: "whether the column is stored is not known",
      sql: "ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (net * 1.25);",
    },
  ],
  good: [
    {
      note: "a virtual column is worked out when it is read",
      before: "CREATE TABLE orders (net numeric, gross numeric GENERATED ALWAYS AS (net * 1.2) VIRTUAL);",
      sql: "ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (net * 1.25);",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (net numeric, gross numeric GENERATED ALWAYS AS (net * 1.2) STORED);
ALTER TABLE orders ALTER COLUMN gross SET EXPRESSION AS (net * 1.25);`,
    },
  ],
  on: {
    "set-expression": (act, context) => {
      const table = context.existing(act.table);
      const { rewrites } = context.effectOf(act);
      if (table === undefined || rewrites.length === 0) return undefined;
      return {
        message: `All rows of ${showTable(context.before, table)} are written anew while nobody can read or write them`,
        object: `${showRelation(table)}.${act.column}`,
        relations: context.relations(rewrites),
        at: "SET EXPRESSION",
      };
    },
  },
});
