import type { Act } from "../../effect/act.js";
import type { Relation } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { type InTransaction, throughTransactions } from "../locked-before.js";
import { defineRule, type Say } from "../rule.js";
import { showAll, workOn } from "../work.js";

/** Data that is moved takes as long as there is data. */
function movesRows(act: Act): boolean {
  switch (act.kind) {
    case "update":
    case "delete":
    case "merge":
      return true;
    case "insert":
      return act.rows === null;
    case "copy":
      return act.rows === null || act.rows > 1000;
    case "create-table-as":
      return act.withData;
    default:
      return false;
  }
}

/** What else is locked while this statement works; empty when it does not work, or on just what is locked. */
function waiting({ statement, locked }: InTransaction, isAssertion: boolean): readonly Relation[] {
  const { acts, onExisting } = statement;
  if (acts.some((act) => act.kind === "validate-constraint")) return [];
  const all = (): readonly Relation[] => [...locked.values()].map(({ relation }) => relation);
  // It looks at all rows, and can as well do so before.
  if (isAssertion && acts.some((act) => act.kind === "select" && act.query.reads.length > 0)) return all();
  if (acts.some(movesRows) && onExisting.locks.size > 0) return all();
  const worked = workOn(onExisting);
  return worked.size === 0 ? [] : all().filter(({ id }) => !worked.has(id));
}

function says({ unit }: RevisionContext): readonly Say[] {
  const said = new Set<number>();
  const found: Say[] = [];
  for (const one of throughTransactions(unit.statements)) {
    const { since } = one.statement.transaction;
    // Once a transaction: what makes it wrong is the transaction.
    if (one.locked.size === 0 || said.has(since)) continue;
    const relations = waiting(one, unit.assertions.has(one.statement.position));
    if (relations.length === 0) continue;
    said.add(since);
    found.push({
      message: `While this runs, ${showAll(relations)} ${relations.length === 1 ? "stays" : "stay"} locked by what the transaction did before`,
      object: showAll(relations),
      relations,
      line: one.statement.line,
      commitBefore: true,
    });
  }
  return found;
}

export const rule = defineRule({
  id: "work-while-locked",
  title: "Long work while the transaction holds a lock",
  why: "A change that is done in an instant, such as a new column, keeps its lock until the transaction ends. Rows that are updated, copied, checked or indexed after it in the same transaction make that last as long as there are rows.",
  remedy:
    "Commit the change of the table first, and do the work in a transaction of its own; rows best in batches, each committed by itself.",
  fix: "Commit what came before it, so that its locks are given back",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    eugene: ["E4"],
    pgfence: ["statement-after-access-exclusive"],
    pgls: ["runningStatementWhileHoldingAccessExclusive"],
  },
  bad: [
    {
      inTransaction: true,
      sql: `ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = 0;`,
    },
    {
      inTransaction: false,
      sql: `BEGIN;
ALTER TABLE customers ADD COLUMN note text;
CREATE INDEX orders_customer ON orders (customer_id);
COMMIT;`,
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = 0 WHERE id BETWEEN 1 AND 1000;`,
    },
    {
      note: "nobody uses a table that the same file makes",
      inTransaction: true,
      sql: `CREATE TABLE totals (id bigint, total numeric);
ALTER TABLE totals ADD COLUMN note text;
UPDATE totals SET note = '';`,
    },
    {
      note: "rows that stand in the statement are few",
      inTransaction: true,
      sql: `ALTER TABLE kinds ADD COLUMN note text;
INSERT INTO kinds (id, note) VALUES (1, 'one'), (2, 'two');`,
    },
  ],
  revision: says,
});
