import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "collation-change",
  title: "ALTER COLUMN … TYPE that builds indexes again",
  why: "The rows stay as they are, but with another collation every index of the column has another order, and is built again under an ACCESS EXCLUSIVE lock: neither reads nor writes get through.",
  remedy:
    'Leave the column\'s collation, and build an index with the new one CONCURRENTLY (`ON orders (code COLLATE "C")`) for queries that say it; or go over a new column.',
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: { atlas: ["PG301"], squawk: ["changing-column-type"] },
  bad: [
    {
      before: ["CREATE TABLE orders (code varchar(10));", "CREATE INDEX orders_code ON orders (code);"],
      sql: `ALTER TABLE orders ALTER COLUMN code TYPE varchar(10) COLLATE "C";`,
    },
    {
      before: "CREATE TABLE orders (code text UNIQUE);",
      sql: `ALTER TABLE orders ALTER COLUMN code TYPE text COLLATE "POSIX";`,
    },
  ],
  good: [
    {
      note: "no index is in the way",
      before: "CREATE TABLE orders (code text);",
      sql: `ALTER TABLE orders ALTER COLUMN code TYPE text COLLATE "C";`,
    },
    {
      before: "CREATE TABLE orders (code varchar(10) UNIQUE);",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);",
    },
  ],
  on: {
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const { rewrites, scans, indexBuilds } = context.effectOf(act);
      if (rewrites.length > 0 || scans.length > 0 || indexBuilds.length === 0) return undefined;
      return {
        message: `Nobody can read or write ${showTable(context.before, table)} while the indexes of ${act.column} are built again`,
        object: `${showRelation(table)}.${act.column}`,
        relations: context.relations(indexBuilds),
        at: act.collation === null ? "TYPE" : "COLLATE",
      };
    },
  },
});
