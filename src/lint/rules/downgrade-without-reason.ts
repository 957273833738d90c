import { defineRule } from "../rule.js";

/** What people write where they have to write something. */
const placeholder =
  /^\W*(?:todo|tbd|fixme|xxx|none|no|nope|n\/?a|not?|wip|later|irreversible|not (?:supported|possible|needed|implemented|reversible)|no (?:downgrade|way back|reason|rollback)|unsupported|impossible|cannot|can't|.{0,3})\W*$/i;

export const rule = defineRule({
  id: "downgrade-without-reason",
  title: "A downgrade that is refused without a reason",
  why: "Who wants to go back at night reads this text instead of getting a downgrade, and has to know from it what to do: what is lost, whether a backup is needed, what can be done by hand.",
  remedy:
    'Say what cannot be brought back: `downgrade: "the old e-mail addresses are gone: restore the backup"`.',
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "downgrade",
  aliases: {},
  bad: [
    { before: "ALTER TABLE orders DROP COLUMN note;", sql: "", downgrade: true, irreversible: "todo" },
    {
      before: "ALTER TABLE orders DROP COLUMN note;",
      sql: "",
      downgrade: true,
      irreversible: "not possible",
    },
  ],
  good: [
    {
      before: "ALTER TABLE orders DROP COLUMN note;",
      sql: "",
      downgrade: true,
      irreversible: "the notes are gone: restore the backup",
    },
    {
      before: "ALTER TABLE orders ADD COLUMN note text;",
      sql: "ALTER TABLE orders DROP COLUMN note;",
      downgrade: true,
    },
  ],
  revision: ({ unit }) => {
    const reason = unit.revision?.irreversible ?? null;
    return reason !== null && placeholder.test(reason)
      ? { message: `“${reason}” does not say why there is no way back` }
      : undefined;
  },
});
