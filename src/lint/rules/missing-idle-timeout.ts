import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { blocked, isRunByUs } from "../sessions.js";

export const rule = defineRule({
  id: "missing-idle-timeout",
  title: "A transaction with strong locks without an idle_in_transaction_session_timeout",
  why: "When the runner stops in the middle of a transaction, its connection can stay open with all its locks: the machine is gone, and the server does not know it yet.",
  remedy:
    "`SET idle_in_transaction_session_timeout = '60s'` at the beginning. Aludel does this for its revisions.",
  severity: "off",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: { pgfence: ["missing-idle-timeout"], pgls: ["requireIdleInTransactionTimeout"] },
  bad: [
    `BEGIN;
ALTER TABLE orders ADD COLUMN note text;
COMMIT;`,
    "ALTER TABLE orders ADD COLUMN note text;",
  ],
  good: [
    `SET idle_in_transaction_session_timeout = '60s';
BEGIN;
ALTER TABLE orders ADD COLUMN note text;
COMMIT;`,
    { inTransaction: false, sql: "ALTER TABLE orders ADD COLUMN note text;" },
  ],
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    for (const statement of context.unit.statements) {
      const { settings } = statement.before;
      if (statement.transaction.by === "none" || settings.has("idle_in_transaction_session_timeout"))
        continue;
      const table = blocked(context, statement);
      if (table === undefined) continue;
      const object = showRelation(table);
      return {
        message: `A runner that stops here leaves ${object} locked`,
        object,
        relations: [table],
        line: statement.line,
      };
    }
    return undefined;
  },
});
