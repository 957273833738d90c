import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "set-access-method",
  title: "SET ACCESS METHOD",
  why: "All rows and indexes are written anew, in the other form, under an ACCESS EXCLUSIVE lock: neither reads nor writes get through.",
  remedy: "Make a new table with the other access method, copy the rows in batches, and exchange the names.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  since: 15,
  small: "harmless",
  aliases: { atlas: ["PG311"], pgsafe: ["set-access-method"] },
  bad: [
    "ALTER TABLE orders SET ACCESS METHOD columnar;",
    {
      before: "CREATE TABLE orders (id bigint);",
      sql: "ALTER TABLE orders SET ACCESS METHOD columnar;",
      serverVersion: 15,
    },
  ],
  good: [
    "CREATE TABLE orders (id bigint) USING columnar;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders SET ACCESS METHOD columnar;",
    },
  ],
  on: {
    "set-access-method": (act, context) => {
      const table = context.existing(act.table);
      const { rewrites } = context.effectOf(act);
      if (table === undefined || rewrites.length === 0) return undefined;
      const name = showRelation(table);
      return {
        message: `All rows of ${name} are written anew while nobody can read or write them`,
        object: name,
        relations: context.relations(rewrites),
        at: "SET ACCESS METHOD",
      };
    },
  },
});
