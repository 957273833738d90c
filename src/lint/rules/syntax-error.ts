import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "syntax-error",
  title: "SQL that does not parse",
  why: "The server would refuse the statement. What it does is not known, and nothing is said about it.",
  remedy: "Correct the statement. The others of the file are looked at all the same.",
  severity: "error",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: { squawk: ["syntax-error"] },
  bad: ["ALTER TABLE orders DROP COLUM note;", "CREATE TABLE orders (id bigint;\nSELECT 1;"],
  good: ["ALTER TABLE orders ADD COLUMN note text;"],
  on: {
    "not-analysed": (act) =>
      act.why === "syntax"
        ? { message: act.reason, ...(act.line === null ? {} : { line: act.line }) }
        : undefined,
  },
});
