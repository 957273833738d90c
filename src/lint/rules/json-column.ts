import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "json-column",
  title: "A column of the type json",
  why: "`json` keeps the text as it was written and has no equality: `SELECT DISTINCT`, `GROUP BY` and `UNION` over it fail, it cannot be indexed, and every access parses the text again.",
  remedy: "Use `jsonb`, unless the very text must be kept: white space, the order of keys, doubled keys.",
  severity: "warning",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    eugene: ["E3"],
    pgsafe: ["prefer-jsonb"],
    pgfence: ["add-column-json"],
    pgls: ["preferJsonb"],
    "pg-migration-lint": ["PGM106"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN payload json;",
    "CREATE TABLE events (id bigint PRIMARY KEY, body json);",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN payload jsonb;",
    { note: "a column's name is no type", sql: "ALTER TABLE orders ADD COLUMN json text;" },
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name === "json"
      ? { message: `${object} is json, and DISTINCT, GROUP BY and UNION over it fail`, object, at: name }
      : undefined,
  ),
});
