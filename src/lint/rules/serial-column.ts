import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "serial-column",
  title: "A column of the type serial",
  why: "Its sequence is an object of its own: whoever may INSERT needs USAGE on it as well, `CREATE TABLE … LIKE` shares it, and nothing keeps an INSERT from writing a number that the sequence gives again later.",
  remedy:
    "`GENERATED ALWAYS AS IDENTITY`: standard SQL, one object, and an explicit number has to be asked for.",
  severity: "off",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["prefer-identity"],
    pgsafe: ["prefer-identity"],
    pgfence: ["prefer-identity"],
    pgls: ["preferIdentity"],
    "pg-migration-lint": ["PGM105"],
  },
  bad: ["CREATE TABLE orders (id bigserial PRIMARY KEY);", "CREATE TABLE orders (id serial PRIMARY KEY);"],
  good: [
    "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    "CREATE TABLE orders (id bigint PRIMARY KEY);",
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.serial ? { message: `${object} has a sequence of its own beside it`, object, at: name } : undefined,
  ),
});
