import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "drop-database",
  title: "DROP DATABASE",
  why: "Everything is gone, at once, and no rollback brings it back. A revision runs in one database and has no business with the life of others.",
  remedy: "Drop databases by hand, where somebody reads the name twice.",
  severity: "error",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  tag: "destructive",
  aliases: {
    squawk: ["ban-drop-database"],
    pgsafe: ["drop-database"],
    pgfence: ["drop-database"],
    pgls: ["banDropDatabase"],
    "pg-migration-lint": ["PGM205"],
  },
  bad: ["DROP DATABASE shop;", { sql: "DROP DATABASE IF EXISTS shop;", inTransaction: false }],
  good: [
    `-- destructive: approved (ops: the demo server)
DROP DATABASE shop_demo;`,
    "DROP SCHEMA billing;",
  ],
  on: {
    "drop-database": (act) => ({
      message: `The database ${act.name} is lost`,
      object: act.name,
      at: "DROP DATABASE",
    }),
  },
});
