import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "tag-without-reason",
  title: "A policy tag that gives no reason",
  why: "Whoever reads it later cannot tell why it was permitted.",
  remedy: "Write it in parentheses: `destructive: approved (dba: nobody reads it since 4.2)`.",
  severity: "off",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: {},
  bad: [
    `-- destructive: approved
ALTER TABLE orders DROP COLUMN note;`,
  ],
  good: [
    `-- destructive: approved (nobody reads it since 4.2)
ALTER TABLE orders DROP COLUMN note;`,
  ],
});
