import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { blocked, isRunByUs } from "../sessions.js";

export const rule = defineRule({
  id: "missing-lock-timeout",
  title: "A strong lock without a lock_timeout",
  why: "While the statement waits for its lock, behind a long query or a vacuum, everybody who comes after it waits behind it: a lock that is held for a millisecond stops the table for as long as the longest query runs.",
  remedy:
    "`SET lock_timeout = '5s'` before it, and try again when it fails. Aludel does this for its revisions.",
  fix: "Set a lock_timeout",
  severity: "info",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    squawk: ["require-lock-timeout"],
    eugene: ["E9"],
    pgsafe: ["require-timeout"],
    pgfence: ["missing-lock-timeout"],
    pgls: ["lockTimeoutWarning"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN note text;",
    {
      note: "said too late",
      sql: `ALTER TABLE orders ADD COLUMN note text;
SET lock_timeout = '5s';`,
    },
  ],
  good: [
    `SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN note text;`,
    "CREATE TABLE orders (id bigint PRIMARY KEY);",
    "UPDATE orders SET note = '' WHERE id = 1;",
  ],
  // Said once for a file: where it is missing it is missing for all of it.
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    for (const statement of context.unit.statements) {
      if (statement.before.settings.has("lock_timeout")) continue;
      const table = blocked(context, statement);
      if (table === undefined) continue;
      const object = showRelation(table);
      return {
        message: `While this waits for its lock, everybody who uses ${object} waits behind it`,
        object,
        relations: [table],
        line: statement.line,
        before: ["SET lock_timeout = '5s'"],
      };
    }
    return undefined;
  },
});
