import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unlogged-table",
  title: "CREATE UNLOGGED TABLE",
  why: "The table is emptied whenever the server was not shut down properly, and it is always empty on replicas: a failover loses all of it.",
  remedy: "Leave out UNLOGGED, unless the rows can be made again at any time.",
  severity: "warning",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { "pg-migration-lint": ["PGM506"] },
  bad: [
    "CREATE UNLOGGED TABLE sessions (id uuid PRIMARY KEY);",
    "CREATE UNLOGGED TABLE totals AS SELECT 1 AS one;",
  ],
  good: ["CREATE TABLE sessions (id uuid PRIMARY KEY);", "CREATE TEMPORARY TABLE scratch (id bigint);"],
  on: {
    "create-table": (act, context) => (act.unlogged ? lossy(showTable(context.after, act.name)) : undefined),
    "create-table-as": (act, context) =>
      act.unlogged ? lossy(showTable(context.after, act.name)) : undefined,
  },
});

const lossy = (object: string) => ({
  message: `The rows of ${object} are lost in a crash and in a failover`,
  object,
  at: "UNLOGGED",
});
