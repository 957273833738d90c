import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "detach-not-concurrent",
  title: "DETACH PARTITION without CONCURRENTLY",
  why: "The partitioned table, the partition, and a default partition are locked ACCESS EXCLUSIVE. It is held for an instant, but the statement waits for every query on the table or any of its partitions, and all new ones queue up behind it.",
  remedy:
    "`DETACH PARTITION … CONCURRENTLY` (PostgreSQL 14 and newer), outside a transaction. Where there is a default partition it is refused: then a short `lock_timeout`, and another try when it runs out.",
  severity: "warning",
  group: "scans",
  dialects: ["postgres"],
  since: 14,
  small: "same",
  aliases: {
    squawk: ["require-concurrent-partition-detach"],
    pgsafe: ["detach-partition-non-concurrent"],
    pgfence: ["detach-partition"],
    pgls: ["requireConcurrentDetachPartition"],
    "pg-migration-lint": ["PGM004"],
  },
  bad: [
    "ALTER TABLE events DETACH PARTITION events_old;",
    {
      serverVersion: 14,
      before: `CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (0) TO (100);`,
      sql: "ALTER TABLE events DETACH PARTITION events_old;",
    },
  ],
  good: [
    { inTransaction: false, sql: "ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;" },
    {
      note: "a partition that goes on being detached",
      sql: "ALTER TABLE events DETACH PARTITION events_old FINALIZE;",
    },
    { serverVersion: 13, sql: "ALTER TABLE events DETACH PARTITION events_old;" },
  ],
  on: {
    "detach-partition": (act, context) => {
      const parent = context.existing(act.table);
      if (parent === undefined || act.concurrently || act.finalize) return undefined;
      const rest = [...parent.children]
        .flatMap((id) => context.before.relations.get(id) ?? [])
        .some(({ bound }) => bound?.kind === "default");
      return {
        message: `This waits for all who use ${showRelation(parent)} and keeps new ones waiting`,
        object: showRelation(parent),
        relations: [parent],
        at: "DETACH PARTITION",
        ...(rest ? { severity: "info" as const } : { instead: [`${context.sql} CONCURRENTLY`] }),
      };
    },
  },
});
