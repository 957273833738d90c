import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "empty-revision",
  title: "A revision that does nothing",
  why: "Somebody meant to write something and did not, or a merge has lost it: the database is taken to have what it has not.",
  remedy:
    "Write it, or delete the file. A merge revision may be empty. Say that it is meant: `empty: allow`.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  tag: "empty",
  aliases: {},
  bad: [
    { sql: "", message: "add note to orders" },
    { sql: "-- to be done\n", message: "add note to orders" },
  ],
  good: [
    { sql: "ALTER TABLE orders ADD COLUMN note text;", message: "add note to orders" },
    { sql: "-- empty: allow (team: marks the release)\n", message: "release 4.2" },
  ],
  revision: ({ unit }) => {
    if (unit.revision === null || unit.revision.irreversible !== null || unit.revision.queried)
      return undefined;
    if (unit.statements.length > 0 || unit.revision.revises.length > 1) return undefined;
    return { message: "This revision does nothing" };
  },
});
