import { isAtLeast } from "../../effect/lock.js";
import { defineRule } from "../rule.js";
import { showAll } from "../work.js";

export const rule = defineRule({
  id: "wide-lock-window",
  title: "Strong locks on several tables in one transaction",
  why: "Locks are held until the transaction ends. While it waits for the second table nobody can use the first; and where another transaction uses the two in the other order, each waits for what the other has, and the server ends one of them.",
  remedy:
    "Change one table a transaction. Where the changes belong together, make the transactions so that each leaves what the running code can live with.",
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
  statement: (context) => {
    const { held } = context.transaction;
    if (held.size === 0) return undefined;
    const isTable = (id: number): boolean => {
      const relation = context.before.relations.get(id);
      return relation?.kind === "table" || relation?.kind === "partitioned-table";
    };
    const strong = [...held].filter(([id, { mode }]) => {
      const relation = context.before.relations.get(id);
      if (relation === undefined || !isAtLeast(mode, "SHARE ROW EXCLUSIVE") || !isTable(id)) return false;
      return context.isExisting(relation);
    });
    // Said once, where a second statement takes more: after that the window is wide already.
    if (strong.length === 0 || new Set(strong.map(([, { by }]) => by)).size > 1) return undefined;
    const more = [...context.effect.locks].filter(
      ([id, mode]) =>
        isAtLeast(mode, "SHARE ROW EXCLUSIVE") && isTable(id) && !strong.some(([other]) => other === id),
    );
    if (more.length === 0) return undefined;
    const [first, second] = [strong, more].map((some) => context.relations(some.map(([id]) => id)));
    return {
      message: `While this waits for ${showAll(second ?? [])}, it keeps others from ${showAll(first ?? [])}`,
      object: showAll(second ?? []),
      relations: [...(first ?? []), ...(second ?? [])],
    };
  },
});
