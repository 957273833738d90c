import { showRelation } from "../../effect/world.js";
import { actsOf } from "../acts-of.js";
import { isEffective, rebuildsOf, switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-without-foreign-key-check",
  title: "A table is made anew without PRAGMA foreign_key_check",
  why: "While foreign keys are off nothing looks whether rows still point at rows that are there. To put them on again does not look either: rows that point at nothing stay, and show up when somebody writes them.",
  remedy: "`PRAGMA foreign_key_check` before COMMIT, and ROLLBACK if it gives a row.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders WHERE id > 10;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
COMMIT;
PRAGMA foreign_keys = ON;`,
    },
    {
      inTransaction: false,
      sql: `PRAGMA foreign_keys = 0;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `PRAGMA foreign_keys = OFF;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
PRAGMA foreign_key_check;`,
    },
    { inTransaction: false, sql: "PRAGMA foreign_keys = OFF;\nDELETE FROM orders WHERE id = 1;" },
  ],
  revision: (context) => {
    const { unit } = context;
    const found = rebuildsOf(unit).find(
      ({ isOurs, drop }) => !isOurs && switchAt(unit, "foreign_keys", drop.position, isEffective) === false,
    );
    const isChecked = actsOf(unit.statements).some(
      ({ act }) => act.kind === "other" && act.command === "PRAGMA foreign_key_check",
    );
    if (found === undefined || isChecked || /foreign_key_check/i.test(unit.text)) return undefined;
    const object = showRelation({ ...found.old, name: found.name });
    return {
      message: `Nobody looks whether rows that refer to ${object} still point at a row`,
      object,
      line: found.drop.line,
    };
  },
});
