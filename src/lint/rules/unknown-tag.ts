import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unknown-tag",
  title: "A policy tag that does not exist",
  why: "It permits nothing, although somebody meant it to.",
  remedy:
    "The tags are `destructive: approved`, `empty: allow`, `backfill: ok` and `type-change: approved`, each with `(who: reason)` if you like.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: {},
  bad: [
    `-- destructive: aproved
ALTER TABLE orders DROP COLUMN note;`,
    `-- destrutive: approved (dba: nobody reads it)
ALTER TABLE orders DROP COLUMN note;`,
  ],
  good: [
    `-- destructive: approved (dba: nobody reads it)
ALTER TABLE orders DROP COLUMN note;`,
    `-- backfill: in batches, by the worker
ALTER TABLE orders ADD COLUMN note text;`,
  ],
});
