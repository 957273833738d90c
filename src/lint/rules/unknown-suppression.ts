import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unknown-suppression",
  title: "A suppression of a rule that does not exist",
  why: "The comment keeps nothing quiet: its rule or its own word is misspelt, or the rule has another name now.",
  remedy:
    "Correct the name; `aludel lint --explain` lists the rules. The form is `-- aludel:ignore rule[, rule] reason`, or `//` in TypeScript.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: { squawk: ["unused-ignore"], pgsafe: ["suppression-unknown-rule"] },
  bad: [
    `-- aludel:ignore drop-colum nobody reads it
ALTER TABLE orders DROP COLUMN note;`,
    `-- aludel:ignroe drop-column nobody reads it
ALTER TABLE orders DROP COLUMN note;`,
  ],
  good: [
    `-- aludel:ignore drop-column nobody reads it
ALTER TABLE orders DROP COLUMN note;`,
  ],
});
