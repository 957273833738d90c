import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "phase-contradicted",
  title: "A revision says that it takes nothing away, and does",
  why: "`aludel deploy --phase expand` runs it before the application is rolled out, and nothing waits for the version that needs no more what goes: the revision says `expand` or `migrate` of itself, and code that is deployed may still use what it takes away.",
  remedy:
    "Say `contract`, or nothing: the phase is then found out from the statements. Where no code can be using it, say that this rule is meant.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    { sql: "ALTER TABLE orders DROP COLUMN note;", phase: "expand" },
    { sql: "ALTER TABLE orders RENAME COLUMN note TO remark;", phase: "migrate" },
  ],
  good: [
    { sql: "ALTER TABLE orders DROP COLUMN note;", phase: "contract" },
    { sql: "ALTER TABLE orders ADD COLUMN note text;", phase: "expand" },
    "ALTER TABLE orders DROP COLUMN note;",
  ],
});
