import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "suppression-without-reason",
  title: "A suppression that gives no reason",
  why: "Whoever reads it later cannot tell whether it still holds.",
  remedy: "Write the reason behind the rules: `-- aludel:ignore drop-column nobody reads it since 4.2`.",
  severity: "off",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: { pgsafe: ["suppression-missing-reason"] },
  bad: [
    `-- aludel:ignore drop-column
ALTER TABLE orders DROP COLUMN note;`,
  ],
  good: [
    `-- aludel:ignore drop-column nobody reads it since 4.2
ALTER TABLE orders DROP COLUMN note;`,
  ],
});
