import type { Act, ActKind } from "../../effect/act.js";
import { defineRule } from "../rule.js";
import { isRunByUs } from "../sessions.js";

/** What leaves nothing behind when the file stops in its middle. */
const fleeting: ReadonlySet<ActKind> = new Set([
  ...(["select", "set", "set-constraints", "begin", "commit", "rollback", "savepoint", "analyze"] as const),
  ...(["discard", "explain", "meta-command", "other", "lock-table", "vacuum", "not-analysed"] as const),
]);

const lasts = (act: Act): boolean => !fleeting.has(act.kind);

export const rule = defineRule({
  id: "mixed-transactional",
  title: "A file with statements that cannot be in a transaction, and others",
  why: "CREATE INDEX CONCURRENTLY and its kind keep the whole file out of a transaction. When it fails in its middle, what stands before the failure is there and the rest is not, and running the file again fails on what is there.",
  remedy:
    "Put the statements that cannot be in a transaction into a file of their own. In a revision of Aludel every statement outside a transaction is a step that is resumed by itself.",
  severity: "warning",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: { atlas: ["TX101"] },
  bad: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD COLUMN state text;
CREATE INDEX CONCURRENTLY orders_state ON orders (state);`,
    },
    {
      inTransaction: false,
      sql: `DROP INDEX CONCURRENTLY orders_state;
UPDATE orders SET state = 'open' WHERE state IS NULL;`,
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `DROP INDEX CONCURRENTLY orders_state;
CREATE INDEX CONCURRENTLY orders_state ON orders (state, at);`,
    },
    {
      inTransaction: false,
      sql: `SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY orders_state ON orders (state);`,
    },
    `ALTER TABLE orders ADD COLUMN state text;
CREATE INDEX orders_state ON orders (state);`,
  ],
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    const forbidden = context.unit.statements.filter(
      ({ effect, transaction }) => effect.transaction === "forbidden" && transaction.by === "none",
    );
    const [first] = forbidden;
    const other = context.unit.statements.find(
      (one) => one.transaction.by === "none" && !forbidden.includes(one) && one.acts.some(lasts),
    );
    if (first === undefined || other === undefined) return undefined;
    return {
      message: `The statement on line ${other.line} stays when this one fails`,
      line: first.line,
    };
  },
});
