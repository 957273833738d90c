import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "truncate",
  title: "TRUNCATE",
  why: "All rows are gone, under an ACCESS EXCLUSIVE lock. Triggers that act on single rows do not fire, so that nothing that follows deletions hears of it.",
  remedy: "Delete in batches what has to go. Say that it is meant: `destructive: approved`.",
  severity: "error",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  tag: "destructive",
  aliases: {
    pgsafe: ["truncate"],
    pgfence: ["truncate"],
    pgls: ["banTruncate"],
    "pg-migration-lint": ["PGM203"],
    "drizzle-migration-lint": ["truncate-in-migration"],
  },
  bad: ["TRUNCATE orders;", "TRUNCATE TABLE orders, lines RESTART IDENTITY;"],
  good: [
    {
      note: "a table of the same file",
      sql: `CREATE TABLE staging (id bigint PRIMARY KEY);
TRUNCATE staging;`,
    },
    `-- destructive: approved (team: a cache)
TRUNCATE sessions;`,
  ],
  on: {
    truncate: (act, context) => {
      if (act.cascade) return undefined;
      return act.tables.flatMap((name) => {
        const table = context.existing(name);
        if (table === undefined || !context.wasThereBefore(table)) return [];
        const object = showRelation(table);
        return [{ message: `All rows of ${object} are lost`, object, relations: [table], at: name.name }];
      });
    },
  },
});
