import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "index-not-concurrent",
  title: "CREATE INDEX without CONCURRENTLY",
  why: "The index is built under a SHARE lock: until it is finished nobody can insert, update or delete a row of the table. Reads go on.",
  remedy:
    "Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a step of its own. An attempt that fails leaves an invalid index of that name, which has to be dropped before the next one.",
  fix: "Build the index CONCURRENTLY",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["require-concurrent-index-creation"],
    atlas: ["PG101"],
    eugene: ["E6"],
    pgsafe: ["add-index-non-concurrent"],
    pgfence: ["create-index-not-concurrent"],
    pgls: ["requireConcurrentIndexCreation"],
    "pg-migration-lint": ["PGM001"],
    "drizzle-migration-lint": ["create-index-non-concurrently"],
  },
  bad: [
    "CREATE INDEX orders_customer ON orders (customer_id);",
    {
      note: "the table was made by an earlier file",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
      sql: "CREATE UNIQUE INDEX orders_customer ON orders (customer_id);",
    },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);", inTransaction: false },
    { note: "of a partitioned table alone", sql: "CREATE INDEX events_kind ON ONLY events (kind);" },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX orders_customer ON orders (customer_id);`,
    },
  ],
  on: {
    "create-index": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.concurrently || table.kind === "partitioned-table") return undefined;
      // ONLY makes sense of a partitioned table alone, where nothing is built and CONCURRENTLY is refused.
      if (act.only && !table.known) return undefined;
      if (!context.effectOf(act).indexBuilds.includes(table.id)) return undefined;
      const name = showRelation(table);
      return {
        message:
          table.kind === "materialized-view"
            ? `${name} cannot be refreshed while the index is built`
            : `Nobody can write to ${name} while the index is built`,
        object: name,
        relations: [table],
        at: act.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX",
        instead: [
          context.sql.replace(
            /\bINDEX\b(\s+IF\s+NOT\s+EXISTS\b)?/i,
            (words) => `${words.slice(0, 5)} CONCURRENTLY`,
          ),
        ],
      };
    },
  },
});
