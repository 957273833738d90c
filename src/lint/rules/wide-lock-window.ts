import { isAtLeast } from "../../effect/lock.js";
import type { Relation } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { type InTransaction, throughTransactions } from "../locked-before.js";
import { defineRule, type Say } from "../rule.js";
import { showAll } from "../work.js";

const isTable = ({ kind }: Relation): boolean => kind === "table" || kind === "partitioned-table";

/** Tables that the statement locks strongly, and nobody before it in the transaction. */
function more({ statement, locked }: InTransaction): readonly Relation[] {
  const { onExisting, before } = statement;
  return [...onExisting.locks].flatMap(([id, mode]) => {
    const relation = before.relations.get(id);
    if (relation === undefined || !isTable(relation) || !isAtLeast(mode, "SHARE ROW EXCLUSIVE")) return [];
    return locked.has(id) ? [] : [relation];
  });
}

function says({ unit }: RevisionContext): readonly Say[] {
  const said = new Set<number>();
  const found: Say[] = [];
  for (const one of throughTransactions(unit.statements)) {
    const { since } = one.statement.transaction;
    // Said once, where a second statement takes more: after that the window is wide already.
    if (one.locked.size === 0 || said.has(since)) continue;
    const first = [...one.locked.values()]
      .filter(({ relation, mode }) => isTable(relation) && isAtLeast(mode, "SHARE ROW EXCLUSIVE"))
      .map(({ relation }) => relation);
    const second = more(one);
    if (first.length === 0 || second.length === 0) continue;
    said.add(since);
    found.push({
      message: `While this waits for ${showAll(second)}, it keeps others from ${showAll(first)}`,
      object: showAll(second),
      relations: [...first, ...second],
      line: one.statement.line,
      commitBefore: true,
    });
  }
  return found;
}

export const rule = defineRule({
  id: "wide-lock-window",
  title: "Strong locks on several tables in one transaction",
  why: "Locks are held until the transaction ends. While it waits for the second table nobody can use the first; and where another transaction uses the two in the other order, each waits for what the other has, and the server ends one of them.",
  remedy:
    "Change one table a transaction. Where the changes belong together, make the transactions so that each leaves what the running code can live with.",
  fix: "Commit what came before it, so that its locks are given back",
  severity: "info",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    pgfence: ["wide-lock-window"],
    pgls: ["avoidWideLockWindow"],
  },
  bad: [
    {
      inTransaction: true,
      sql: `ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE customers ADD COLUMN note text;`,
    },
    {
      inTransaction: false,
      sql: `BEGIN;
ALTER TABLE orders ADD COLUMN note text;
DROP TABLE notes;
COMMIT;`,
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE customers ADD COLUMN note text;`,
    },
    {
      note: "one table, and one that nobody uses yet",
      inTransaction: true,
      sql: `ALTER TABLE orders ADD COLUMN note text;
CREATE TABLE notes (id bigint);
ALTER TABLE notes ADD COLUMN text text;`,
    },
  ],
  revision: says,
});
