import type { Column } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { copiedColumns, type Rebuild, rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

/** What a column turns values into, by the words in its type (SQLite: "Datatypes In SQLite", 3.1). */
function affinityOf({ type: { name } }: Column): string {
  if (/INT/i.test(name)) return "INTEGER";
  if (/CHAR|CLOB|TEXT/i.test(name)) return "TEXT";
  if (name === "" || /BLOB/i.test(name)) return "BLOB";
  return /REAL|FLOA|DOUB/i.test(name) ? "REAL" : "NUMERIC";
}

/** Affinities that turn values into others on the way: text that looks like a number, numbers that become text. */
function changed(rebuild: Rebuild): readonly string[] {
  return copiedColumns(rebuild).flatMap(({ into, source }) => {
    const from = source === null ? undefined : rebuild.old.columns.get(source);
    const to = rebuild.made.columns.get(into);
    if (from === undefined || to === undefined) return [];
    const [before, after] = [affinityOf(from), affinityOf(to)];
    // A column of no affinity keeps what it gets.
    return before === after || after === "BLOB" ? [] : [`${into} (${before} to ${after})`];
  });
}

export const rule = defineRule({
  id: "rebuild-changes-values",
  title: "Rows are copied into columns that store them otherwise",
  why: "A column turns what it gets into its own kind, where it can, without a word: the text `0012` becomes the number 12. A STRICT table refuses instead what is of another kind, and the copy stops at the first such row.",
  remedy:
    "Look first: `SELECT typeof(code), count(*) FROM orders GROUP BY 1`. Say in the copy what becomes of the values: `CAST`, `CASE`.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  tag: "type-change",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, code INTEGER);
INSERT INTO new_orders (id, code) SELECT id, code FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, code TEXT) STRICT;
INSERT INTO new_orders (id, code) SELECT id, code FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, code VARCHAR(10));",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, code TEXT);
INSERT INTO new_orders (id, code) SELECT id, code FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      note: "the copy says what becomes of them",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, code INTEGER);
INSERT INTO new_orders (id, code) SELECT id, CAST(code AS INTEGER) FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap((rebuild) => {
      const { old, name, made, copy } = rebuild;
      if (copy === null) return [];
      const object = showRelation({ ...old, name });
      const line = copy.statement.line;
      const others = changed(rebuild);
      if (made.options.has("strict") && old.known && !old.options.has("strict"))
        return [
          { message: `${object} becomes STRICT, and a value of another kind stops the copy`, object, line },
        ];
      if (others.length === 0) return [];
      return [
        { message: `Values of ${object} become others on the way: ${others.join(", ")}`, object, line },
      ];
    }),
});
