import { showRelation } from "../../effect/world.js";
import { rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-loses-autoincrement",
  title: "A table with AUTOINCREMENT is made anew without its counter",
  why: "The counter is in `sqlite_sequence` under the table's name. The new table counts from the highest id that was copied: ids of rows that were deleted are given again, and all of them when the table is empty. That they never are is what AUTOINCREMENT is for.",
  remedy:
    "Before DROP: `UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'orders') WHERE name = 'new_orders'`, with an INSERT where the copy was empty.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT);",
      sql: `ALTER TABLE orders RENAME TO old_orders;
CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
INSERT INTO orders (id) SELECT id FROM old_orders;
DROP TABLE old_orders;`,
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
INSERT OR REPLACE INTO sqlite_sequence (name, seq) SELECT 'new_orders', seq FROM sqlite_sequence WHERE name = 'orders';
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap(({ old, name, made, drop, isOurs }) => {
      const counts = (table: typeof old) =>
        [...table.columns.values()].some(({ identity }) => identity !== null);
      const isKept = unit.statements.some(({ sql }) => /sqlite_sequence/i.test(sql));
      if (isOurs || isKept || !counts(old) || !counts(made)) return [];
      const object = showRelation({ ...old, name });
      return [{ message: `Ids of deleted rows of ${object} are given again`, object, line: drop.line }];
    }),
});
