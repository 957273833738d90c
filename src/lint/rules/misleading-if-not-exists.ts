import type { Act } from "../../effect/act.js";
import { type Relation, showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

/** How the statement's table is another one than the one that is there; `null` when it is not, as far as one can tell. */
function difference(act: Act<"create-table">, table: Relation): string | null {
  const missing = act.columns.filter(({ name }) => !table.columns.has(name)).map(({ name }) => name);
  if (missing.length > 0 && table.columnsKnown) return `it has no ${missing.join(", ")}`;
  const other = act.columns.find(({ name, type, notNull }) => {
    const there = table.columns.get(name);
    if (there === undefined) return false;
    const isOtherType =
      there.type.name !== type.name || there.type.modifiers.join() !== type.modifiers.join();
    return isOtherType || (notNull && !there.notNull);
  });
  return other === undefined ? null : `its ${other.name} is another one`;
}

export const rule = defineRule({
  id: "misleading-if-not-exists",
  title: "CREATE TABLE IF NOT EXISTS of a table that is there and looks different",
  why: "Nothing happens, and nothing fails: the table stays as it is, without the columns that the statement names. Code that was written for the new one fails.",
  remedy: "Change the table with ALTER TABLE, or give the new one another name.",
  severity: "warning",
  group: "transaction",
  dialects: "all",
  small: "same",
  aliases: { "pg-migration-lint": ["PGM403"] },
  bad: [
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text);",
    },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(10));",
      sql: "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text);",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text);",
    },
    "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text);",
  ],
  on: {
    "create-table": (act, context) => {
      const table = act.ifNotExists ? context.existing(act.name) : undefined;
      if (table === undefined || !table.known) return undefined;
      const what = difference(act, table);
      if (what === null) return undefined;
      const object = showRelation(table);
      return { message: `${object} is there and stays as it is: ${what}`, object, at: "IF NOT EXISTS" };
    },
  },
});
