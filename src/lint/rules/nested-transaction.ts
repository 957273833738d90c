import { actsOf } from "../acts-of.js";
import { defineRule, type Say } from "../rule.js";
import { isRunByUs } from "../sessions.js";

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
  revision: (context) => {
    const { statements } = context.unit;
    const hasOwn = actsOf(statements).some(({ act }) => act.kind === "begin");
    const said: Say[] = [];
    let isOpen = false;
    for (const { act, statement } of actsOf(statements)) {
      const isOfRunner = isRunByUs(context) && statement.transaction.by === "runner";
      const { line } = statement;
      if (act.kind === "begin") {
        if (isOpen || isOfRunner)
          said.push({ message: "There is a transaction already: this BEGIN only warns", line });
        isOpen = true;
      } else if (act.kind === "commit" || act.kind === "rollback") {
        const word = act.kind.toUpperCase();
        // A file without a BEGIN of its own ends what somebody else has begun.
        if (isOfRunner || (!isOpen && !hasOwn))
          said.push({ message: `${word} ends the transaction of whoever runs the file`, line });
        else if (!isOpen)
          said.push({ message: `There is no transaction that ${word} could end`, line, severity: "info" });
        isOpen = act.chain;
      }
    }
    return said;
  },
});
