import { showRelation } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "drop-not-null",
  title: "DROP NOT NULL",
  why: "Code that reads the column has never met a NULL in it: types that do not allow one, comparisons that are neither true nor false, sums that become NULL.",
  remedy: "First release code that reads NULL, then let writers write it.",
  severity: "info",
  group: "compatibility",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["ban-drop-not-null"],
    pgsafe: ["drop-not-null"],
    pgfence: ["drop-not-null"],
    pgls: ["banDropNotNull"],
    "pg-migration-lint": ["PGM507"],
  },
  bad: [
    "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;",
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);",
      sql: "ALTER TABLE orders ALTER note DROP NOT NULL;",
    },
  ],
  good: [
    {
      note: "it had none",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;",
    },
    {
      note: "the column is dropped with it",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);",
      sql: `ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;
-- destructive: approved
ALTER TABLE orders DROP COLUMN note;`,
    },
  ],
  on: {
    "drop-not-null": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const column = table.columns.get(act.column);
      if (table.known && column !== undefined && !column.notNull) return undefined;
      const now = worldAtEnd(context).relations.get(table.id);
      const later = now?.columns.get(act.column);
      // Gone at the end, or NOT NULL again.
      if (now === undefined || later?.notNull || (later === undefined && now.columnsKnown)) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      return { message: `Code that reads ${object} can meet NULL from now on`, object, at: "DROP NOT NULL" };
    },
  },
});
