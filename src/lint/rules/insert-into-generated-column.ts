import { findRelation, showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "insert-into-generated-column",
  title: "INSERT into a generated column",
  why: "A generated column cannot be written: the statement fails with “cannot INSERT into generated column”, also when it comes in with `SELECT *`, which gives generated columns like all others.",
  remedy: "List the ordinary columns on both sides: those with `hidden = 0` in `pragma_table_xinfo`.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      sql: `CREATE TABLE boxes (a INTEGER, double INTEGER GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO boxes (a, double) VALUES (1, 2);`,
    },
    {
      before: "CREATE TABLE boxes (a INTEGER, double INTEGER AS (a * 2));",
      sql: `CREATE TABLE new_boxes (a INTEGER NOT NULL, double INTEGER AS (a * 2));
INSERT INTO new_boxes (a, double) SELECT * FROM boxes;
DROP TABLE boxes;
ALTER TABLE new_boxes RENAME TO boxes;`,
    },
  ],
  good: [
    `CREATE TABLE boxes (a INTEGER, double INTEGER AS (a * 2));
INSERT INTO boxes (a) VALUES (1);`,
    {
      note: "without a list only ordinary columns are written",
      sql: `CREATE TABLE boxes (a INTEGER, double INTEGER AS (a * 2));
INSERT INTO boxes VALUES (1);`,
    },
  ],
  on: {
    insert: (act, context) => {
      const table = findRelation(context.before, act.table);
      const column = act.columns.find((name) => (table?.columns.get(name)?.generated ?? null) !== null);
      if (table === undefined || column === undefined) return undefined;
      const object = `${showRelation(table)}.${column}`;
      return { message: `${object} is generated, and the statement fails`, object, at: column };
    },
  },
});
