import { showRelation } from "../../effect/world.js";
import { rebuildsOf, switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-renames-old-first",
  title: "A table is renamed away before it is made anew",
  why: "ALTER TABLE … RENAME follows the table into the foreign keys, views and triggers of others: they name `old_orders` then, and go on doing so when the new `orders` is there and the old one is gone.",
  remedy:
    "Make `new_orders`, copy, drop `orders`, and rename `new_orders` last (“Making Other Kinds Of Table Schema Changes” in SQLite's manual).",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id));`,
      sql: `ALTER TABLE orders RENAME TO old_orders;
CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO orders (id) SELECT id FROM old_orders;
DROP TABLE old_orders;`,
    },
    {
      note: "who refers to it is not known",
      sql: `ALTER TABLE orders RENAME TO old_orders;
CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO orders (id) SELECT id FROM old_orders;
DROP TABLE old_orders;`,
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id));`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      note: "nothing refers to it",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `ALTER TABLE orders RENAME TO old_orders;
CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO orders (id) SELECT id FROM old_orders;
DROP TABLE old_orders;`,
    },
  ],
  revision: (context) =>
    rebuildsOf(context.unit).flatMap(({ old, name, movedAway, isOurs }) => {
      if (movedAway === null || isOurs) return [];
      const isLegacy = switchAt(context.unit, "legacy_alter_table", movedAway.position) === true;
      const isAlone = old.known && old.referencedBy.length === 0 && old.readBy.length === 0;
      if (isLegacy || isAlone) return [];
      const object = showRelation({ ...old, name });
      return [
        {
          message: `What refers to ${object} refers to ${old.name} from here on, which is dropped`,
          object,
          line: movedAway.line,
        },
      ];
    }),
});
