import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "varchar-column",
  title: "A column of the type varchar(n)",
  why: "`varchar(n)` is stored as `text` is. Its limit can be made larger at no cost, but not smaller: then every row is read under an ACCESS EXCLUSIVE lock, or the table is written anew.",
  remedy: "Use `text`, with a CHECK on the length that is added NOT VALID and validated afterwards.",
  severity: "off",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["prefer-text-field"],
    pgfence: ["prefer-text-field"],
    pgls: ["preferTextField"],
    "pg-migration-lint": ["PGM108"],
  },
  bad: [
    "ALTER TABLE people ADD COLUMN email varchar(255);",
    "CREATE TABLE people (id bigint PRIMARY KEY, email character varying(255));",
  ],
  good: [
    "ALTER TABLE people ADD COLUMN email text;",
    { note: "without a limit", sql: "ALTER TABLE people ADD COLUMN email varchar;" },
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name === "character varying" && type.modifiers.length > 0
      ? { message: `The limit of ${object} is dear to make smaller`, object, at: name }
      : undefined,
  ),
});
