import { showRelation } from "../../effect/world.js";
import { rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-locks-database",
  title: "A table is made anew",
  why: "SQLite has one writer for the whole database: while the rows are copied nobody else writes, to any table, and the write-ahead log grows by the size of the table.",
  remedy:
    "`PRAGMA busy_timeout`, `BEGIN IMMEDIATE`, and an hour at which few write. ADD COLUMN, RENAME and DROP COLUMN need no copy.",
  severity: "off",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
  ],
  good: ["ALTER TABLE orders ADD COLUMN note TEXT;", "CREATE TABLE orders (id INTEGER PRIMARY KEY);"],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap(({ old, name, copy }) => {
      if (copy === null) return [];
      const object = showRelation({ ...old, name });
      return [
        {
          message: `Nobody writes to the database while ${object} is copied`,
          object,
          relations: [old],
          line: copy.statement.line,
        },
      ];
    }),
});
