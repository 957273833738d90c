import { findRelation, type RelationId, showRelation } from "../../effect/world.js";
import { actsOf, perUnit } from "../acts-of.js";
import { defineRule } from "../rule.js";
import { written, writtenName } from "../written.js";

/** Where the last statement analyses a table; under `null`, all tables. */
const analysesOf = perUnit((unit) => {
  const last = new Map<RelationId | null, number>();
  for (const { act, statement } of actsOf(unit.statements)) {
    if (act.kind !== "analyze" && !(act.kind === "vacuum" && act.analyze)) continue;
    if (act.tables.length === 0) last.set(null, statement.position);
    for (const name of act.tables) {
      const table = findRelation(statement.before, name);
      if (table !== undefined) last.set(table.id, statement.position);
    }
  }
  return last;
});

export const rule = defineRule({
  id: "type-change-statistics",
  title: "ALTER COLUMN … TYPE without ANALYZE after it",
  why: "What the planner knew of the column's values is thrown away with the old type, also where no row is touched. Until autovacuum analyses the table again, which it may not do for days, queries on the column are planned blindly.",
  remedy: "Run `ANALYZE table (column)` right after it. It keeps nobody from reading or writing.",
  severity: "info",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (code varchar(10));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    },
    {
      before: "CREATE TABLE orders (total numeric(10,2));",
      sql: "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (code varchar(10));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;\nANALYZE orders (code);",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id integer); ALTER TABLE orders ALTER COLUMN id TYPE bigint;",
    },
  ],
  on: {
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      // A rewrite has another remedy, and the rule about it speaks.
      if (table === undefined || context.effectOf(act).rewrites.length > 0) return undefined;
      const analyses = analysesOf(context.unit);
      const last = Math.max(analyses.get(table.id) ?? -1, analyses.get(null) ?? -1);
      if (last > context.statement.position) return undefined;
      const { sql } = context;
      return {
        message: `The planner knows nothing of the values of ${showRelation(table)}.${act.column} until the table is analysed again`,
        object: `${showRelation(table)}.${act.column}`,
        relations: [table],
        at: "TYPE",
        ...(act.parts > 1
          ? {}
          : { instead: [sql, `ANALYZE ${writtenName(act.table, sql)} (${written(act.column, sql)})`] }),
      };
    },
  },
});
