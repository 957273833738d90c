import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "update-without-where",
  title: "UPDATE of all rows in one statement",
  why: "Every row is written anew and locked until the transaction ends: writers of any of them wait, the table and its indexes grow to twice their size, vacuum cannot clean, and replicas fall behind. When it fails late, all of it was for nothing.",
  remedy:
    "Update in batches by ranges of the key, each in a transaction of its own, with a condition that skips the rows that are done. Say that it is meant: `backfill: ok`.",
  severity: "warning",
  group: "data",
  dialects: ["postgres"],
  small: "harmless",
  tag: "backfill",
  aliases: {
    pgfence: ["update-in-migration"],
    pgls: ["banUpdateWithoutWhere"],
    "pg-migration-lint": ["PGM301"],
  },
  bad: ["UPDATE orders SET state = 'open';", "UPDATE orders SET state = 'open' WHERE true;"],
  good: [
    "UPDATE orders SET state = 'open' WHERE id BETWEEN 1 AND 1000;",
    {
      note: "a table of the same file",
      sql: `CREATE TABLE staging (id bigint PRIMARY KEY, state text);
UPDATE staging SET state = 'open';`,
    },
    `-- backfill: ok (team: forty rows)
UPDATE countries SET active = true;`,
  ],
  on: {
    update: (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      if (act.where !== null && act.where.condition.kind !== "always") return undefined;
      const object = showRelation(table);
      return {
        message: `Every row of ${object} is written anew in one transaction`,
        object,
        relations: [table],
        at: "UPDATE",
      };
    },
  },
});
