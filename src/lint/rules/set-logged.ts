import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "set-logged",
  title: "SET LOGGED and SET UNLOGGED",
  why: "All rows and indexes are written anew under an ACCESS EXCLUSIVE lock: neither reads nor writes get through. An UNLOGGED table is empty after a crash, and on every replica.",
  remedy: "Do it in a window of maintenance, or make a new table and copy the rows in batches.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    atlas: ["PG307"],
    pgsafe: ["set-logged-unlogged"],
    pgfence: ["set-logged-unlogged"],
  },
  bad: [
    "ALTER TABLE orders SET UNLOGGED;",
    {
      before: "CREATE UNLOGGED TABLE orders (id bigint);",
      sql: "ALTER TABLE orders SET LOGGED;",
    },
  ],
  good: [
    {
      note: "it is logged already",
      before: "CREATE TABLE orders (id bigint);",
      sql: "ALTER TABLE orders SET LOGGED;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE UNLOGGED TABLE orders (id bigint); ALTER TABLE orders SET LOGGED;",
    },
  ],
  on: {
    "set-logged": (act, context) => {
      const table = context.existing(act.table);
      const { rewrites } = context.effectOf(act);
      if (table === undefined || rewrites.length === 0) return undefined;
      const name = showRelation(table);
      const lost = act.logged ? "" : ", and lost in a crash from then on";
      return {
        message: `All rows of ${name} are written anew while nobody can read or write them${lost}`,
        object: name,
        relations: context.relations(rewrites),
        at: act.logged ? "SET LOGGED" : "SET UNLOGGED",
      };
    },
  },
});
