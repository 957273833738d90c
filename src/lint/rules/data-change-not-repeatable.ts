import type { Act } from "../../effect/act.js";
import type { Expression } from "../../effect/syntax.js";
import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

/** Functions that give the same again when they are applied to what they gave. */
const settling = new Set([
  ...[
    "coalesce",
    "nullif",
    "lower",
    "upper",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "initcap",
    "least",
    "greatest",
  ],
  ...[
    "regexp_replace",
    "replace",
    "date_trunc",
    "round",
    "floor",
    "ceil",
    "abs",
    "jsonb_strip_nulls",
    "left",
  ],
]);

/** The value depends on itself, so that a second run changes it again. */
function isCumulative(column: string, value: Expression): boolean {
  if (!value.columns.includes(column) || value.column === column) return false;
  const isSettled = value.calls.length > 0 && value.calls.every(({ name }) => settling.has(name.name));
  return !isSettled && /[-+*/|]/.test(value.sql);
}

function cumulative(act: Act<"update">): string | undefined {
  const condition = new Set(act.where?.columns ?? []);
  return act.columns.find((column, at) => {
    const value = act.values[at];
    // A condition on the column itself is the guard.
    return value !== undefined && isCumulative(column, value) && !condition.has(column);
  });
}

export const rule = defineRule({
  id: "data-change-not-repeatable",
  title: "A change of rows that does something else the second time",
  why: "A revision can meet its own work: on a database that was filled from a backup, where somebody made the change by hand, after a failure outside a transaction. Rows are then there twice, or a unique key stops it; numbers are added twice.",
  remedy:
    "Guard it: `INSERT … ON CONFLICT DO NOTHING` or `WHERE NOT EXISTS`, and a WHERE that is false for rows that are done. Say that it is meant: `backfill: ok`.",
  severity: "info",
  group: "data",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  tag: "backfill",
  aliases: {},
  bad: [
    "INSERT INTO states (name) VALUES ('open');",
    "UPDATE accounts SET balance = balance + 10 WHERE country = 'LV';",
    { dialect: "sqlite", sql: "INSERT INTO states (name) VALUES ('open');" },
  ],
  good: [
    "INSERT INTO states (name) VALUES ('open') ON CONFLICT DO NOTHING;",
    "INSERT INTO states (name) SELECT 'open' WHERE NOT EXISTS (SELECT FROM states WHERE name = 'open');",
    "UPDATE accounts SET country = 'LV' WHERE country = 'Latvia';",
    "UPDATE accounts SET name = coalesce(name, '') WHERE id < 1000;",
    {
      note: "a table of the same file",
      sql: `CREATE TABLE states (name text PRIMARY KEY);
INSERT INTO states (name) VALUES ('open');`,
    },
  ],
  on: {
    insert: (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.onConflict !== null || context.conditional) return undefined;
      // A query that looks into the table itself knows what is there.
      const looks = act.query.filtered && act.query.reads.some((name) => name.name === act.table.name);
      if (looks || /\bINSERT\s+OR\s+(IGNORE|REPLACE)\b|\bREPLACE\s+INTO\b/i.test(context.sql))
        return undefined;
      const object = showRelation(table);
      return { message: `A second run inserts into ${object} again`, object, at: "INSERT" };
    },
    update: (act, context) => {
      const table = context.existing(act.table);
      const column = cumulative(act);
      if (table === undefined || column === undefined || context.conditional) return undefined;
      const object = `${showRelation(table)}.${column}`;
      return { message: `A second run changes ${object} again`, object, at: column };
    },
  },
});
