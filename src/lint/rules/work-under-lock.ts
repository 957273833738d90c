import type { ActKind } from "../../effect/act.js";
import { defineRule } from "../rule.js";
import { blockedWork, nobodyCan, showAll, strongestLock } from "../work.js";

/** What other rules speak of, each with a remedy of its own. */
const spokenOf: ReadonlySet<ActKind> = new Set<ActKind>([
  "add-column",
  "add-constraint",
  "alter-domain",
  "alter-type",
  "attach-partition",
  "cluster",
  "create-index",
  "create-table",
  "refresh-view",
  "reindex",
  "set-access-method",
  "set-expression",
  "set-logged",
  "set-not-null",
  "set-tablespace",
  "truncate",
  "vacuum",
  "validate-constraint",
]);

export const rule = defineRule({
  id: "work-under-lock",
  title: "Work on a whole table that keeps others out",
  why: "The statement reads or writes all rows of a table under a lock that keeps others from writing to it, or from reading it. No other rule knows a gentler form of just this statement.",
  remedy: "Run it in a window of maintenance, or look for a way in smaller steps.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: `CREATE TYPE place AS (city text, code integer);
CREATE TABLE places OF place;`,
      sql: "ALTER TYPE place ALTER ATTRIBUTE code TYPE bigint CASCADE;",
    },
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN note text;",
    "ALTER TYPE place RENAME ATTRIBUTE city TO town CASCADE;",
  ],
  statement: (context) => {
    const found = context.statement.acts.flatMap((act) => {
      if (spokenOf.has(act.kind)) return [];
      const effect = context.effectOf(act);
      const relations = context.relations(blockedWork(effect));
      if (relations.length === 0) return [];
      return [
        {
          message: `${nobodyCan(strongestLock(effect))} ${showAll(relations)} until all rows have been gone through`,
          object: showAll(relations),
          relations,
        },
      ];
    });
    return found.slice(0, 1);
  },
});
