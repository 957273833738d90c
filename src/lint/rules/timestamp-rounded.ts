import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "timestamp-rounded",
  title: "A timestamp of whole seconds",
  why: "`timestamptz(0)` rounds and does not cut: what happens half a second before midnight is stored as tomorrow, and a moment that was just stored lies in the future.",
  remedy: "Leave out the precision, and cut with `date_trunc` where whole seconds are shown.",
  severity: "info",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { "pg-migration-lint": ["PGM102"] },
  bad: [
    "ALTER TABLE orders ADD COLUMN paid_at timestamptz(0);",
    "CREATE TABLE events (id bigint PRIMARY KEY, at timestamp(0));",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN paid_at timestamptz;",
    "ALTER TABLE orders ADD COLUMN paid_at timestamptz(3);",
  ],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name.startsWith("timestamp") && type.modifiers[0] === 0
      ? { message: `Moments in ${object} are rounded up into the future`, object, at: name }
      : undefined,
  ),
});
