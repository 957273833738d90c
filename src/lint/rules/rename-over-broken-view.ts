import { showRelation } from "../../effect/world.js";
import { rebuildsOf, switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rename-over-broken-view",
  title: "A rename while a view reads what is not there",
  why: "ALTER TABLE … RENAME reads every view and trigger of the database first. One that reads a table that was dropped makes it fail with “error in view …”, also when it has nothing to do with the table that is renamed.",
  remedy: "Drop the view, or make it again, before the rename.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: [
        `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE shops (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
        "DROP TABLE orders;",
      ],
      sql: "ALTER TABLE shops RENAME TO stores;",
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: "DROP TABLE orders;\nALTER TABLE shops RENAME COLUMN name TO title;",
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE shops (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: "ALTER TABLE shops RENAME TO stores;",
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE shops (id INTEGER PRIMARY KEY);
CREATE VIEW all_orders AS SELECT id FROM orders;`,
      sql: "DROP TABLE orders;\nDROP VIEW all_orders;\nALTER TABLE shops RENAME TO stores;",
    },
  ],
  on: {
    rename: (act, context) => {
      const { unit, statement, before } = context;
      if (switchAt(unit, "legacy_alter_table", statement.position) === true) return undefined;
      // A view over a table that is just made anew is another rule's.
      const rebuilt = new Set(rebuildsOf(unit).map(({ old }) => old.id));
      for (const view of before.relations.values()) {
        const isBroken = view.view?.reads.some((id) => !before.relations.has(id) && !rebuilt.has(id));
        if (!isBroken) continue;
        const object = showRelation(view);
        return { message: `This fails: the view ${object} reads what is not there`, object, at: act.to };
      }
      return undefined;
    },
  },
});
