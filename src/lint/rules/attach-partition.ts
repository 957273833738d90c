import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "attach-partition",
  title: "ATTACH PARTITION that reads or indexes the new partition",
  why: "All rows of the table that becomes a partition are read, to see that they fit, and indexes that the partitioned table has and it has not are built, under an ACCESS EXCLUSIVE lock on it: neither reads nor writes of it get through. Before PostgreSQL 12 the partitioned table is locked just so.",
  remedy:
    "Before it, give the table a CHECK that says the partition's bound (with IS NOT NULL), NOT VALID, and validate it: then nothing is read. Build the indexes and keys of the partitioned table on it CONCURRENTLY: then they are adopted.",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    pgsafe: ["attach-partition"],
    pgfence: ["attach-partition"],
    pgls: ["avoidAttachingPartition"],
    "pg-migration-lint": ["PGM005"],
  },
  bad: [
    "ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    {
      note: "the index is built, although a check proves the bound",
      before: [
        `CREATE TABLE events (id bigint NOT NULL, kind text) PARTITION BY RANGE (id);
CREATE INDEX events_kind ON events (kind);`,
        "CREATE TABLE events_new (id bigint NOT NULL, kind text, CHECK (id IS NOT NULL AND id >= 0 AND id < 100));",
      ],
      sql: "ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM (0) TO (100);",
    },
  ],
  good: [
    {
      note: "a check proves the bound, and there is no index to build",
      before: [
        "CREATE TABLE events (id bigint NOT NULL, kind text) PARTITION BY RANGE (id);",
        "CREATE TABLE events_new (id bigint NOT NULL, kind text, CHECK (id IS NOT NULL AND id >= 0 AND id < 100));",
      ],
      sql: "ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM (0) TO (100);",
    },
    {
      note: "nobody uses a table that the same file makes",
      before: "CREATE TABLE events (id bigint NOT NULL, kind text) PARTITION BY RANGE (id);",
      sql: `CREATE TABLE events_new (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM (0) TO (100);`,
    },
  ],
  on: {
    "attach-partition": (act, context) => {
      const partition = context.existing(act.partition);
      if (partition === undefined) return undefined;
      const { scans, indexBuilds } = context.effectOf(act);
      const reads = scans.includes(partition.id);
      const builds = indexBuilds.includes(partition.id);
      if (!reads && !builds) return undefined;
      const name = showRelation(partition);
      const work = [
        ...(reads ? ["all its rows are read"] : []),
        ...(builds ? ["indexes of it are built"] : []),
      ];
      return {
        message: `Nobody can read or write ${name} while ${work.join(" and ")}`,
        object: name,
        relations: [partition],
        at: "ATTACH PARTITION",
      };
    },
  },
});
