import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

function ending(context: StatementContext, word: string): Say | undefined {
  const { by } = context.transaction;
  if (context.unit.revision === null && by !== "runner" && by !== "none") return undefined;
  return by === "none" && context.unit.revision === null
    ? { message: `There is no transaction that ${word} could end`, severity: "info" }
    : { message: `${word} ends the transaction of whoever runs the file, and the rest runs outside of it` };
}

export const rule = defineRule({
  id: "nested-transaction",
  title: "BEGIN or COMMIT within a transaction that is open already",
  why: "There are no transactions within transactions: a second BEGIN only warns, and the first COMMIT commits everything, also what the runner meant to commit later together with its note that the file was run. What follows runs outside of any transaction.",
  remedy:
    "Leave BEGIN and COMMIT to the runner. What must be committed in between belongs into a file of its own; what may fail alone into a SAVEPOINT.",
  severity: "error",
  group: "transaction",
  dialects: "all",
  small: "same",
  aliases: {
    squawk: ["transaction-nesting"],
    atlas: ["TX201"],
    pgls: ["transactionNesting"],
  },
  bad: [
    `BEGIN;
BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
COMMIT;`,
    { inTransaction: false, sql: "CREATE TABLE orders (id bigint PRIMARY KEY);\nCOMMIT;" },
  ],
  good: [
    `BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
COMMIT;
BEGIN;
CREATE TABLE lines (id bigint PRIMARY KEY);
COMMIT;`,
    `BEGIN;
SAVEPOINT one;
CREATE TABLE orders (id bigint PRIMARY KEY);
RELEASE SAVEPOINT one;
COMMIT;`,
  ],
  on: {
    begin: (_, context): Say | undefined => {
      if (context.unit.revision === null && context.transaction.by === "none") return undefined;
      // The analysis calls the transaction of a BEGIN its own from the BEGIN on.
      if (context.unit.revision === null && context.transaction.since === context.statement.position)
        return undefined;
      return { message: "There is a transaction already: this BEGIN only warns", at: "BEGIN" };
    },
    commit: (_, context) => ending(context, "COMMIT"),
    rollback: (_, context) => ending(context, "ROLLBACK"),
  },
});
