import type { Relation, World } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { rebuildsOf, switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, "\\$&")}(?![\\w$])`, "i").test(text);

/** Views over the table, and triggers of other tables that name it. */
function dependents(world: World, old: Relation, name: string): readonly string[] {
  const views = [...old.readBy].flatMap((id) => world.relations.get(id) ?? []);
  const own = new Set([...old.triggers.values()].map((trigger) => trigger.function.name));
  const triggers = [...world.functions.values()]
    .flat()
    .filter(({ language, body }) => language === "trigger" && mentions(body ?? "", name));
  return [
    ...views.map((view) => `the view ${showRelation(view)}`),
    ...triggers.filter((trigger) => !own.has(trigger.name)).map((trigger) => `the trigger ${trigger.name}`),
  ];
}

export const rule = defineRule({
  id: "rebuild-under-view-or-trigger",
  title: "A table is made anew under a view or a trigger that names it",
  why: "ALTER TABLE … RENAME reads all views and triggers first, and between DROP and RENAME the table that they name is not there: it fails with “error in view …: no such table” (SQLite 3.25 and newer).",
  remedy:
    "Drop the views and the other tables' triggers first and make them again at the end, or put `PRAGMA legacy_alter_table = ON` around the RENAME alone.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY);
CREATE TRIGGER touch AFTER INSERT ON lines BEGIN UPDATE orders SET id = id; END;`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: `DROP VIEW all_orders;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
CREATE VIEW all_orders AS SELECT id FROM orders;`,
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
PRAGMA legacy_alter_table = ON;
ALTER TABLE new_orders RENAME TO orders;
PRAGMA legacy_alter_table = OFF;`,
    },
  ],
  revision: (context) =>
    rebuildsOf(context.unit).flatMap(({ old, name, rename, movedAway, isOurs }) => {
      if (rename === null || movedAway !== null || isOurs) return [];
      if (switchAt(context.unit, "legacy_alter_table", rename.position) === true) return [];
      const found = dependents(rename.before, old, name);
      if (found.length === 0) return [];
      const object = showRelation({ ...old, name });
      return [{ message: `This fails: ${found.join(", ")} names ${object}`, object, line: rename.line }];
    }),
});
