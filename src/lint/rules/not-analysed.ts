import { defineRule } from "../rule.js";

/** Nothing at all is known then. */
const unreadable = {
  severity: "warning",
  remedy: "Leave it out of what is linted, or save it as UTF-8.",
} as const;

export const rule = defineRule({
  id: "not-analysed",
  title: "A statement of which it is not known what it does",
  why: "The linter cannot see what is put together while it runs, or what code in another language does. That nothing else is found here says nothing.",
  remedy:
    "Read it with the table's size and its readers in mind, or run it on a scratch database with `aludel trace`.",
  severity: "info",
  group: "hygiene",
  dialects: "all",
  small: "same",
  aliases: { pgsafe: ["unchecked-do-block"] },
  bad: [
    "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || current_setting('app.table') || ' ADD COLUMN note text'; END $$;",
  ],
  good: ["ALTER TABLE orders ADD COLUMN note text;"],
  on: {
    "not-analysed": (act) =>
      act.why === "syntax"
        ? undefined
        : {
            message: act.reason,
            ...(act.line === null ? {} : { line: act.line }),
            ...(act.why === "binary" ? unreadable : {}),
          },
  },
});
