import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "set-tablespace",
  title: "SET TABLESPACE",
  why: "The file is copied to the other tablespace, block by block, under an ACCESS EXCLUSIVE lock: neither reads nor writes get through until the last block is there. Where the relation lies there already nothing is copied, but that is not to be seen in SQL.",
  remedy:
    "`pg_repack --tablespace` moves a table with locks of an instant. An index is better built anew in the other tablespace, CONCURRENTLY, and the old one dropped.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: ["ALTER TABLE orders SET TABLESPACE fast;", "ALTER INDEX orders_customer SET TABLESPACE fast;"],
  good: [
    {
      note: "a partitioned table has no file: it is said for partitions to come",
      before: "CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at);",
      sql: "ALTER TABLE events SET TABLESPACE fast;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders SET TABLESPACE fast;",
    },
  ],
  on: {
    "set-tablespace": (act, context) => {
      const relation = context.existing(act.table);
      if (relation === undefined || relation.kind.startsWith("partitioned-")) return undefined;
      const what = showRelation(relation);
      const index = act.on === "index" || relation.kind === "index";
      return {
        message: index
          ? `No query can use or plan with ${what} while it is copied`
          : `Nobody can read or write ${what} while it is copied`,
        object: what,
        relations: [relation],
        at: "SET TABLESPACE",
      };
    },
  },
});
