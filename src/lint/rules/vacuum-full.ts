import { showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

function say(names: readonly ObjectName[], command: string, context: StatementContext): readonly Say[] {
  if (names.length === 0) {
    return [
      { message: "Table after table of the database is written anew, and nobody can read or write it" },
    ];
  }
  return names.flatMap((name) => {
    const table = context.existing(name);
    if (table === undefined) return [];
    return [
      {
        message: `Nobody can read or write ${showRelation(table)} until all its rows are written anew`,
        object: showRelation(table),
        relations: [table],
        at: command,
      },
    ];
  });
}

export const rule = defineRule({
  id: "vacuum-full",
  title: "VACUUM FULL and CLUSTER",
  why: "All rows are written into a new file and all indexes are built again under an ACCESS EXCLUSIVE lock: neither reads nor writes get through until it is finished.",
  remedy:
    "A plain VACUUM makes room without keeping anybody out. Where the file itself has to shrink or to be sorted, `pg_repack` does it with locks of an instant; from PostgreSQL 19 on `REPACK (CONCURRENTLY)` does.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["prefer-repack"],
    pgsafe: ["vacuum-full-cluster"],
    pgfence: ["vacuum-full"],
    pgls: ["banVacuumFull"],
    "pg-migration-lint": ["PGM018", "PGM021"],
  },
  bad: [
    { inTransaction: false, sql: "VACUUM FULL orders;" },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "CLUSTER orders USING orders_pkey;",
    },
    { inTransaction: false, sql: "CLUSTER;" },
  ],
  good: [
    { inTransaction: false, sql: "VACUUM ANALYZE orders;" },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint PRIMARY KEY); CLUSTER orders USING orders_pkey;",
    },
  ],
  on: {
    vacuum: (act, context) => (act.full ? say(act.tables, "VACUUM", context) : undefined),
    cluster: (act, context) => say(act.table === null ? [] : [act.table], "CLUSTER", context),
  },
});
