import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rename-index-lock",
  title: "ALTER INDEX … RENAME before PostgreSQL 12",
  why: "Before version 12 the index is locked ACCESS EXCLUSIVE. It is held for an instant, but waits for the queries that use it, and because the planner looks at every index of a table, all new queries on the table queue up behind it.",
  remedy: "Give it a short `lock_timeout` and try again when it runs out.",
  severity: "info",
  group: "locks",
  dialects: ["postgres"],
  until: 11,
  small: "harmless",
  aliases: {},
  bad: [
    { serverVersion: 11, sql: "ALTER INDEX orders_customer RENAME TO orders_customer_id;" },
    {
      serverVersion: 11,
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "ALTER TABLE orders_pkey RENAME TO orders_key;",
    },
  ],
  good: [
    { serverVersion: 12, sql: "ALTER INDEX orders_customer RENAME TO orders_customer_id;" },
    {
      serverVersion: 11,
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY); ALTER INDEX orders_pkey RENAME TO orders_key;",
    },
  ],
  on: {
    rename: (act, context) => {
      if (act.member !== null) return undefined;
      const index = context.existing(act.name);
      if (index === undefined || (index.kind !== "index" && act.object !== "index")) return undefined;
      const table = index.index === null ? undefined : context.before.relations.get(index.index.table);
      if (table !== undefined && !context.isExisting(table)) return undefined;
      const name = showRelation(index);
      return {
        message: `Queries that could use ${name} wait while this waits for those that do`,
        object: name,
        relations: table === undefined ? [] : [table],
        at: "RENAME",
      };
    },
  },
});
