import { showRelation } from "../../effect/world.js";
import { isCopiedBefore } from "../ahead.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "delete-without-where",
  title: "DELETE of all rows",
  why: "All rows are gone, and with ON DELETE CASCADE those that refer to them. More often a condition was forgotten than that this was meant.",
  remedy: "Say which rows. Say that all are meant: `destructive: approved`.",
  severity: "error",
  group: "data",
  dialects: "all",
  small: "same",
  tag: "destructive",
  aliases: {
    pgfence: ["delete-without-where"],
    pgls: ["banDeleteWithoutWhere"],
    "pg-migration-lint": ["PGM302"],
  },
  bad: [
    "DELETE FROM orders;",
    "DELETE FROM orders WHERE true;",
    { dialect: "sqlite", sql: "DELETE FROM orders;" },
  ],
  good: [
    "DELETE FROM orders WHERE state = 'test';",
    {
      note: "a table of the same file",
      sql: `CREATE TABLE staging (id bigint PRIMARY KEY);
DELETE FROM staging;`,
    },
    `-- destructive: approved
DELETE FROM sessions;`,
  ],
  on: {
    delete: (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || !context.wasThereBefore(table)) return undefined;
      if (act.where !== null && act.where.condition.kind !== "always") return undefined;
      // DELETE … USING joins, and leaves what has no partner.
      if (act.where === null && act.query.reads.length > 0) return undefined;
      if (isCopiedBefore(context, table)) return undefined;
      const object = showRelation(table);
      return { message: `All rows of ${object} are lost`, object, relations: [table], at: "DELETE" };
    },
  },
});
