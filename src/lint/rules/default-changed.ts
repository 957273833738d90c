import type { Relation } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** The column was added by this very unit: no running release writes it. */
function isNew(context: StatementContext, table: Relation, column: string): boolean {
  const bornAt = table.columns.get(column)?.bornAt ?? null;
  const [first] = context.unit.statements;
  return bornAt !== null && first !== undefined && bornAt >= first.position;
}

export const rule = defineRule({
  id: "default-changed",
  title: "SET DEFAULT, DROP DEFAULT",
  why: "A release that leaves the column out of its INSERTs relied on the old default. With another one it writes something else than before; with none it writes NULL, or fails where the column is NOT NULL. Rows that are there keep what they have.",
  remedy:
    "First release code that writes the column itself, then change the default. A default that only filled a new column stays until every release knows the column.",
  severity: "info",
  group: "compatibility",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      note: "the running release does not know the column, and its INSERTs fail",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'open';
ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;`,
    },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open');",
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';",
    },
    "ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;",
  ],
  good: [
    {
      note: "it had none, and NULL was written",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
    },
    {
      note: "the same again",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open');",
      sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
    },
    {
      note: "a new column, which the running release does not write",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders ADD COLUMN state text;
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';`,
    },
  ],
  on: {
    "set-default": (act, context): Say | undefined => {
      const table = context.existing(act.table);
      if (table === undefined || isNew(context, table, act.column)) return undefined;
      const column = table.columns.get(act.column);
      if (column === undefined ? table.columnsKnown : column.default === null && column.bornAt !== null)
        return undefined;
      if (column?.default?.sql === act.default.sql) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      return {
        message: `INSERTs that leave out ${object} write something else than before`,
        object,
        at: "SET DEFAULT",
      };
    },
    "drop-default": (act, context): Say | undefined => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const column = table.columns.get(act.column);
      const now = worldAtEnd(context).relations.get(table.id);
      const later = now?.columns.get(act.column);
      const isGone = later === undefined && now?.columnsKnown === true;
      // An enum or a type is often changed between a DROP DEFAULT and a SET DEFAULT.
      if (isGone || (later?.default ?? later?.identity ?? later?.generated ?? null) !== null)
        return undefined;
      if (column !== undefined && column.bornAt !== null && column.default === null) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      const say = { object, at: "DROP DEFAULT" };
      if (later?.notNull)
        return { ...say, message: `INSERTs that leave out ${object} fail`, severity: "error" };
      return isNew(context, table, act.column)
        ? undefined
        : { ...say, message: `INSERTs that leave out ${object} write NULL` };
    },
  },
});
