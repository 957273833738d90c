import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "index-on-partitioned-table",
  title: "CREATE INDEX on a partitioned table",
  why: "The table and every partition are locked SHARE until the indexes of all partitions are built: nobody can write to any of them. CONCURRENTLY is refused for a partitioned table.",
  remedy:
    "`CREATE INDEX … ON ONLY parent`, which builds nothing; then `CREATE INDEX CONCURRENTLY` on each partition, and `ALTER INDEX … ATTACH PARTITION` for each. With the last one the parent's index becomes valid.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: { atlas: ["PG108"], squawk: ["require-concurrent-index-creation"] },
  bad: [
    {
      before: [
        "CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);",
        "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');",
      ],
      sql: "CREATE INDEX events_kind ON events (kind);",
    },
    {
      note: "the server refuses it",
      inTransaction: false,
      before: "CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);",
      sql: "CREATE INDEX CONCURRENTLY events_kind ON events (kind);",
    },
  ],
  good: [
    {
      before: [
        "CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);",
        "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');",
      ],
      inTransaction: false,
      sql: `CREATE INDEX events_kind ON ONLY events (kind);
CREATE INDEX CONCURRENTLY events_old_kind ON events_old (kind);
ALTER INDEX events_kind ATTACH PARTITION events_old_kind;`,
    },
    {
      note: "nobody uses tables that the same file makes",
      sql: `CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE INDEX events_kind ON events (kind);`,
    },
  ],
  on: {
    "create-index": (act, context) => {
      const table = context.existing(act.table);
      if (table?.kind !== "partitioned-table") return undefined;
      const about = { object: showRelation(table), relations: [table] };
      if (act.concurrently) {
        return {
          ...about,
          message: `${showRelation(table)} is partitioned: no index of it can be built CONCURRENTLY`,
          at: "CONCURRENTLY",
        };
      }
      const builds = context.effectOf(act).indexBuilds;
      if (act.only || builds.length === 0) return undefined;
      return {
        ...about,
        relations: context.relations(builds),
        message: `Nobody can write to ${showTable(context.before, table)} while all their indexes are built`,
        at: act.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX",
      };
    },
  },
});
