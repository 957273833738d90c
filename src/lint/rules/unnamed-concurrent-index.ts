import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unnamed-concurrent-index",
  title: "CREATE INDEX CONCURRENTLY without a name",
  why: "A concurrent build that fails leaves an invalid index. Where the server chooses the names, every further attempt chooses another one and leaves another invalid index, which every write keeps up to date.",
  remedy: "Name the index, so that the next attempt meets what the last one left.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    { inTransaction: false, sql: "CREATE INDEX CONCURRENTLY ON orders (customer_id);" },
    {
      inTransaction: false,
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "CREATE UNIQUE INDEX CONCURRENTLY ON orders (lower(number));",
    },
  ],
  good: [
    { inTransaction: false, sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);" },
    {
      note: "nothing is left of a build that fails in a transaction",
      sql: "CREATE TABLE orders (id bigint); CREATE INDEX ON orders (id);",
    },
  ],
  on: {
    "create-index": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || !act.concurrently || act.name !== null) return undefined;
      return {
        message: `Each failed attempt leaves another invalid index on ${showRelation(table)}`,
        object: showRelation(table),
        at: "CONCURRENTLY",
      };
    },
  },
});
