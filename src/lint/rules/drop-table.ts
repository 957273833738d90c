import { showRelation } from "../../effect/world.js";
import { successorOf } from "../ahead.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "drop-table",
  title: "DROP TABLE",
  why: "The rows are gone, and code that still names the table fails from the moment of the commit on: a release that is running while the next one is rolled out, a report, a job at night.",
  remedy:
    "First release code that no longer names the table; rename it, wait, keep a backup, and drop it in a later revision. Say that it is meant: `destructive: approved`.",
  severity: "error",
  group: "destruction",
  dialects: "all",
  small: "same",
  tag: "destructive",
  aliases: {
    squawk: ["ban-drop-table"],
    atlas: ["DS102"],
    pgsafe: ["drop-table"],
    pgfence: ["drop-table"],
    pgls: ["banDropTable"],
    "pg-migration-lint": ["PGM201"],
    "drizzle-migration-lint": ["drop-table"],
  },
  bad: [
    "DROP TABLE orders;",
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY); CREATE TABLE lines (id bigint PRIMARY KEY);",
      sql: "DROP TABLE IF EXISTS lines, orders;",
    },
    { dialect: "sqlite", sql: "DROP TABLE orders;" },
  ],
  good: [
    {
      note: "the way back of a revision takes away what its way up has made",
      before: ["", "CREATE TABLE orders (id bigint PRIMARY KEY);"],
      sql: "DROP TABLE orders;",
      downgrade: true,
    },
    {
      note: "it is said to be meant",
      sql: `-- destructive: approved (dba: archived as orders_2019.dump)
DROP TABLE orders;`,
    },
    {
      note: "a table of the same file, which nobody has seen",
      sql: `CREATE TABLE staging (id bigint PRIMARY KEY);
DROP TABLE staging;`,
    },
    {
      note: "it was renamed away for the one that has its rows now",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders RENAME TO old_orders;
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
INSERT INTO orders (id) SELECT id FROM old_orders;
DROP TABLE old_orders;`,
    },
    {
      note: "the rows were copied into the table that takes its place",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: `CREATE TABLE new_orders (id bigint PRIMARY KEY, note text NOT NULL);
INSERT INTO new_orders (id, note) SELECT id, coalesce(note, '') FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "table") return undefined;
      return act.names.flatMap((name) => {
        const table = context.existing(name);
        if (table === undefined || !context.wasThereBefore(table)) return [];
        // That one is there again is for recreate-table to judge.
        if (successorOf(context, table) !== undefined) return [];
        const object = showRelation(table);
        return [{ message: `The rows of ${object} are lost`, object, relations: [table], at: name.name }];
      });
    },
  },
});
