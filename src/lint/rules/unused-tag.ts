import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unused-tag",
  title: "A policy tag that permits nothing",
  why: "There is nothing in its revision, or in the statement below it, that would need it. It would permit what is written there next.",
  remedy: "Take it out, or put it above the statement that it is about.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: {},
  bad: [
    `-- destructive: approved (dba: nobody reads it)
ALTER TABLE orders ADD COLUMN note text;`,
  ],
  good: [
    `-- destructive: approved (dba: nobody reads it)

ALTER TABLE orders ADD COLUMN remark text;
ALTER TABLE orders DROP COLUMN note;`,
  ],
});
