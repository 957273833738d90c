import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "tag-without-approver",
  title: "A policy tag that nobody has signed",
  why: "It does not say who permitted it.",
  remedy: "Write who it was before the reason: `destructive: approved (dba: nobody reads it since 4.2)`.",
  severity: "off",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: {},
  bad: [
    `-- destructive: approved (nobody reads it since 4.2)
ALTER TABLE orders DROP COLUMN note;`,
  ],
  good: [
    `-- destructive: approved (dba: nobody reads it since 4.2)
ALTER TABLE orders DROP COLUMN note;`,
  ],
});
