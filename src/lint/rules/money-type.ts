import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "money-type",
  title: "A column of the type money",
  why: "What a value of `money` means depends on the setting `lc_monetary` of whoever reads it: the same row is 10 dollars to one and 10 yen to another, and the number of digits behind the point changes with it. Multiplying and dividing round at once.",
  remedy: "Use `numeric`, or the smallest unit in a `bigint`, and a column for the currency.",
  severity: "warning",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { "pg-migration-lint": ["PGM104"] },
  bad: [
    "ALTER TABLE orders ADD COLUMN total money;",
    "CREATE TABLE fees (id bigint PRIMARY KEY, fee money);",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN total numeric(12, 2);",
    "ALTER TABLE orders ADD COLUMN money bigint;",
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name === "money"
      ? { message: `What ${object} means depends on the reader's lc_monetary`, object, at: name }
      : undefined,
  ),
});
