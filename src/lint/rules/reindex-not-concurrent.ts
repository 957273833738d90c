import type { Act } from "../../effect/act.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";

/** The table that is meant, or `undefined` when nobody can be using it. */
function tableOf(act: Act<"reindex">, context: StatementContext): Relation | undefined {
  if (act.name === null) return undefined;
  const relation = context.existing(act.name);
  const table = relation?.index === null || relation === undefined ? undefined : relation.index.table;
  const owner = table === undefined ? undefined : context.before.relations.get(table);
  if (owner === undefined) return relation;
  return context.isExisting(owner) ? owner : undefined;
}

export const rule = defineRule({
  id: "reindex-not-concurrent",
  title: "REINDEX without CONCURRENTLY",
  why: "Nobody can write to the table until its indexes are built again, and because each index is locked ACCESS EXCLUSIVE meanwhile, most queries that only read wait, too: the planner looks at every index of a table.",
  remedy:
    "Use `REINDEX … CONCURRENTLY` (PostgreSQL 12 and newer), outside a transaction. Before 12 build another index with `CREATE INDEX CONCURRENTLY`, drop the old one and rename the new.",
  fix: "Build the indexes again CONCURRENTLY",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["require-concurrent-reindex"],
    pgsafe: ["reindex-non-concurrent"],
    pgfence: ["reindex-non-concurrent"],
    pgls: ["requireConcurrentReindex"],
    "pg-migration-lint": ["PGM022"],
  },
  bad: [
    "REINDEX TABLE orders;",
    { before: "CREATE TABLE orders (id bigint PRIMARY KEY);", sql: "REINDEX INDEX orders_pkey;" },
    { inTransaction: false, sql: "REINDEX SCHEMA public;" },
  ],
  good: [
    { inTransaction: false, sql: "REINDEX TABLE CONCURRENTLY orders;" },
    { inTransaction: false, sql: "REINDEX (CONCURRENTLY) INDEX orders_pkey;" },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY); REINDEX TABLE orders;",
    },
  ],
  on: {
    reindex: (act, context) => {
      if (act.concurrently || act.target === "system") return undefined;
      const concurrently = context.serverVersion >= 12;
      const instead = concurrently
        ? [context.sql.replace(/\b(TABLE|INDEX|SCHEMA|DATABASE)\b/i, "$& CONCURRENTLY")]
        : undefined;
      const more = instead === undefined ? {} : { instead };
      if (act.target === "schema" || act.target === "database") {
        return {
          message: `Table after table of the ${act.target} can be neither written nor planned with`,
          at: "REINDEX",
          ...more,
        };
      }
      const table = tableOf(act, context);
      if (table === undefined) return undefined;
      const name = showRelation(table);
      return {
        message: `Nobody can write to ${table.kind === "index" ? `the table of ${name}` : name} while indexes are built again`,
        object: name,
        relations: [table],
        at: "REINDEX",
        ...more,
      };
    },
  },
});
