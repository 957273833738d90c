import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unused-suppression",
  title: "A suppression that suppresses nothing",
  why: "What it once kept quiet is no longer there. It would keep quiet the next thing of its kind, which nobody has looked at.",
  remedy:
    "Take the comment out. One of another linter is told of as information only: that linter may need it.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: { squawk: ["unused-ignore"], pgsafe: ["suppression-unused"] },
  bad: [
    `-- aludel:ignore drop-column nobody reads it
ALTER TABLE orders ADD COLUMN note text;`,
    `-- squawk-ignore ban-drop-column
ALTER TABLE orders ADD COLUMN note text;`,
  ],
  good: [
    `-- aludel:ignore drop-column nobody reads it
ALTER TABLE orders DROP COLUMN note;`,
    `ALTER TABLE orders DROP COLUMN note; -- squawk-ignore ban-drop-column`,
  ],
});
