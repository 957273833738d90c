import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "empty-downgrade",
  title: "A way back that does nothing",
  why: "The downgrade succeeds and says that the database is at the revision before, and it is not: the next upgrade fails on what is still there.",
  remedy:
    'Write the way back, or say as text why there is none: `downgrade: "the old values are gone"`. It is then refused with that reason, before anything runs.',
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "downgrade",
  tag: "empty",
  aliases: {},
  bad: [
    { before: "CREATE TABLE orders (id bigint PRIMARY KEY);", sql: "", downgrade: true },
    { before: "ALTER TABLE orders ADD COLUMN note text;", sql: "-- to be done\n", downgrade: true },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "DROP TABLE orders;",
      downgrade: true,
    },
    { note: "there is nothing to take back", before: "", sql: "", downgrade: true },
  ],
  revision: ({ unit, isEmptyUpgrade }) => {
    if (unit.revision === null || unit.revision.irreversible !== null || unit.revision.queried)
      return undefined;
    if (unit.statements.length > 0 || isEmptyUpgrade) return undefined;
    return { message: "The way back does nothing, and what the way up has made stays" };
  },
});
