import type { Act } from "../../effect/act.js";
import { isAtLeast, type LockMode } from "../../effect/lock.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";
import { nobodyCan } from "../work.js";

/** The lock that keeps writers out while the rows are read, taken by an earlier statement or by this one. */
function lockOn(
  table: Relation,
  act: Act<"validate-constraint">,
  context: StatementContext,
): { readonly mode: LockMode; readonly by: number } | undefined {
  const held = context.transaction.held.get(table.id);
  if (held !== undefined && isAtLeast(held.mode, "SHARE")) return held;
  const own = act.parts > 1 ? context.effect.locks.get(table.id) : undefined;
  if (own === undefined || !isAtLeast(own, "SHARE")) return undefined;
  return { mode: own, by: context.statement.position };
}

export const rule = defineRule({
  id: "validate-in-same-transaction",
  title: "VALIDATE CONSTRAINT while the lock that added it is held",
  why: "NOT VALID is there so that the rows can be read under a lock that keeps nobody out. In the transaction that added the constraint, or changed the table in another way, that one's lock is still held: writes wait, or reads too, until the last row has been read, just as without NOT VALID.",
  remedy: "Commit first. Validate in a transaction of its own: in the next revision, file or step.",
  fix: "Commit first, and validate in a transaction of its own",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["constraint-missing-not-valid"],
    pgfence: ["not-valid-validate-same-tx"],
    pgls: ["requireSeparateConstraintValidation"],
  },
  bad: [
    {
      inTransaction: true,
      sql: `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
    {
      inTransaction: false,
      sql: `BEGIN;
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer;
COMMIT;`,
    },
    {
      inTransaction: false,
      note: "a statement holds the strongest lock of its parts",
      sql: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID, VALIDATE CONSTRAINT positive;",
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
    {
      inTransaction: true,
      before: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
      sql: "ALTER TABLE orders VALIDATE CONSTRAINT positive;",
    },
  ],
  on: {
    "validate-constraint": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const { scans, foreignKeyChecks } = context.effectOf(act);
      if (scans.length === 0 && foreignKeyChecks.length === 0) return undefined;
      const lock = lockOn(table, act, context);
      if (lock === undefined) return undefined;
      return {
        message: `${nobodyCan(lock.mode)} ${showRelation(table)} while all its rows are read, which the transaction has locked ${lock.mode}`,
        object: `${showRelation(table)}.${act.constraint}`,
        relations: context.relations([...scans, ...foreignKeyChecks]),
        at: "VALIDATE CONSTRAINT",
        ...(act.parts === 1 ? { commitBefore: true } : {}),
      };
    },
  },
});
