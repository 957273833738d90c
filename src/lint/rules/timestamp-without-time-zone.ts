import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "timestamp-without-time-zone",
  title: "A column of the type timestamp without time zone",
  why: "The value says what a clock on some wall showed and not which wall. Two servers, or two sessions with different settings of `TimeZone`, write different values for the same moment; comparing with `now()` depends on the session; an hour is doubled each autumn. Changing the type later writes the table anew, unless the session is at UTC.",
  remedy: "Use `timestamp with time zone` (`timestamptz`): it takes as much room, and is a moment.",
  severity: "info",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["prefer-timestamp-tz"],
    pgfence: ["prefer-timestamptz"],
    pgls: ["preferTimestamptz"],
    "pg-migration-lint": ["PGM101"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN paid_at timestamp;",
    "CREATE TABLE events (id bigint PRIMARY KEY, at timestamp(3) without time zone);",
  ],
  good: ["ALTER TABLE orders ADD COLUMN paid_at timestamptz;", "ALTER TABLE orders ADD COLUMN paid_on date;"],
  on: onNewColumns(({ type, object, name }) =>
    type.builtIn && type.name === "timestamp without time zone"
      ? { message: `${object} does not say in which time zone its values are`, object, at: name }
      : undefined,
  ),
});
