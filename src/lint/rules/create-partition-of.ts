import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { writtenName } from "../written.js";

export const rule = defineRule({
  id: "create-partition-of",
  title: "CREATE TABLE … PARTITION OF",
  why: "The partitioned table is locked ACCESS EXCLUSIVE. It is held for an instant, but the statement waits for every query on the table or any of its partitions, and all new ones queue up behind it.",
  remedy:
    "Make the table by itself (`LIKE parent INCLUDING ALL`), which locks nothing, and `ATTACH PARTITION` it: from PostgreSQL 12 on that lets others read and write the partitioned table.",
  severity: "info",
  group: "scans",
  dialects: ["postgres"],
  since: 12,
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE events (id bigint) PARTITION BY RANGE (id);",
      sql: "CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (0) TO (100);",
    },
    "CREATE TABLE events_rest PARTITION OF events DEFAULT;",
  ],
  good: [
    {
      before: "CREATE TABLE events (id bigint) PARTITION BY RANGE (id);",
      sql: `CREATE TABLE events_new (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM (0) TO (100);`,
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (0) TO (100);`,
    },
  ],
  on: {
    "create-table": (act, context) => {
      const parent = act.partitionOf === null ? undefined : context.existing(act.partitionOf.parent);
      if (act.partitionOf === null || parent === undefined) return undefined;
      const effect = context.effectOf(act);
      const locked = effect.locks.get(parent.id) === "ACCESS EXCLUSIVE";
      // A default partition that is read is the longer part: the rule about that speaks.
      if (!locked || effect.scans.length > 0 || effect.reads.length > 0) return undefined;
      const { sql } = context;
      const [own, of] = [writtenName(act.name, sql), writtenName(act.partitionOf.parent, sql)];
      const bound = /\b(FOR\s+VALUES\b[\s\S]*?\)(?:\s*TO\s*\([\s\S]*?\))?|DEFAULT)\s*$/i.exec(sql)?.[1];
      const plain = act.columns.length === 0 && act.constraints.length === 0 && act.partitionBy === null;
      return {
        message: `This waits for all who use ${showRelation(parent)} and keeps new ones waiting`,
        object: showRelation(parent),
        relations: [parent],
        at: "PARTITION OF",
        ...(plain && bound !== undefined
          ? {
              instead: [
                `CREATE TABLE ${own} (LIKE ${of} INCLUDING ALL)`,
                `ALTER TABLE ${of} ATTACH PARTITION ${own} ${bound}`,
              ],
            }
          : {}),
      };
    },
  },
});
