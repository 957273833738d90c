import { findRelation } from "../../effect/world.js";
import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

const fold = (name: string): string => name.toLowerCase();

/** Names in double quotes that are neither a column nor a table nor an alias. */
function strings(sql: string, known: ReadonlySet<string>): readonly string[] {
  const aliases = new Set([...sql.matchAll(/\bAS\s+"([^"]+)"/gi)].map(([, name = ""]) => fold(name)));
  const text = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'[^']*'/g, " ");
  return [...text.matchAll(/"([^"]+)"(?!\s*\.)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !known.has(fold(name)) && !aliases.has(fold(name)));
}

export const rule = defineRule({
  id: "double-quoted-string",
  title: "A string in double quotes in a view",
  why: "Double quotes are for names. SQLite takes one that is no column for a string, if it was built to: on another build the view fails, and so does every RENAME in a database that has it.",
  remedy: "Single quotes for strings: `'open'`.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = "open";`,
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);",
      sql: 'CREATE VIEW labelled AS SELECT id, "order" AS label FROM orders;',
    },
  ],
  good: [
    `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE VIEW open_orders AS SELECT "id" AS "number" FROM "orders" WHERE "state" = 'open';`,
    { note: "what the table's columns are is not known", sql: 'CREATE VIEW v AS SELECT "id" FROM orders;' },
  ],
  on: {
    "create-view": (act, context) => {
      const tables = act.query.reads.map((name) => findRelation(context.before, name));
      if (tables.length === 0 || tables.some((table) => table?.columnsKnown !== true)) return undefined;
      const known = new Set(
        [
          act.name.name,
          ...act.columns,
          ...act.query.output.flatMap(({ name, source }) => (name === source ? [] : (name ?? []))),
          ...["rowid", "_rowid_", "oid"],
          ...tables.flatMap((table) => (table === undefined ? [] : [table.name, ...table.columns.keys()])),
        ].map(fold),
      );
      const [found] = strings(context.sql, known);
      if (found === undefined) return undefined;
      const object = showTable(context.after, act.name);
      return {
        message: `"${found}" is no column, and a string only on some builds`,
        object,
        at: `"${found}"`,
      };
    },
  },
});
