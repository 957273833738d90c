import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "char-column",
  title: "A column of the type char(n)",
  why: "Values are filled up with spaces to the full length. They take the room, come back with them in some places and without in others, and a comparison with `text` keeps or drops them depending on how it is written. It is not faster than `text`.",
  remedy: "Use `text`, with a CHECK where the length matters.",
  severity: "warning",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["ban-char-field"],
    pgfence: ["ban-char-field"],
    pgls: ["banCharField"],
    "pg-migration-lint": ["PGM103"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN country char(2);",
    "CREATE TABLE codes (id bigint PRIMARY KEY, code character(8));",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN country text CHECK (length(country) = 2);",
    'ALTER TABLE orders ADD COLUMN flag "char";',
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name === "character"
      ? { message: `Values of ${object} are filled up with spaces`, object, at: name }
      : undefined,
  ),
});
