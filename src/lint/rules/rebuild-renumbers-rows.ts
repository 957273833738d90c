import { showRelation } from "../../effect/world.js";
import { rebuildsOf, rowidColumn } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-renumbers-rows",
  title: "A table without an INTEGER PRIMARY KEY is made anew, and its rows get other numbers",
  why: "Each row has a number, its rowid. Without a column that is this number the copy counts from 1: full-text tables over it (`content_rowid`) and rowids that somebody kept point at other rows.",
  remedy: "Copy it: `INSERT INTO new_orders (rowid, …) SELECT rowid, … FROM orders`.",
  severity: "info",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE notes (body TEXT);",
      sql: `CREATE TABLE new_notes (body TEXT NOT NULL);
INSERT INTO new_notes (body) SELECT coalesce(body, '') FROM notes;
DROP TABLE notes;
ALTER TABLE new_notes RENAME TO notes;`,
    },
    {
      before: "CREATE TABLE notes (slug TEXT PRIMARY KEY, body TEXT);",
      sql: `CREATE TABLE new_notes (slug TEXT PRIMARY KEY, body TEXT, at TEXT);
INSERT INTO new_notes (slug, body) SELECT slug, body FROM notes;
DROP TABLE notes;
ALTER TABLE new_notes RENAME TO notes;`,
    },
  ],
  good: [
    {
      before: "CREATE TABLE notes (body TEXT);",
      sql: `CREATE TABLE new_notes (body TEXT NOT NULL);
INSERT INTO new_notes (rowid, body) SELECT rowid, coalesce(body, '') FROM notes;
DROP TABLE notes;
ALTER TABLE new_notes RENAME TO notes;`,
    },
    {
      before: "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);",
      sql: `CREATE TABLE new_notes (id INTEGER PRIMARY KEY, body TEXT, at TEXT);
INSERT INTO new_notes (id, body) SELECT id, body FROM notes;
DROP TABLE notes;
ALTER TABLE new_notes RENAME TO notes;`,
    },
  ],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap(({ old, name, made, copy, isOurs }) => {
      if (isOurs || copy === null || !old.known || old.options.has("without rowid")) return [];
      if (made.options.has("without rowid") || rowidColumn(old) !== null || rowidColumn(made) !== null)
        return [];
      if (copy.act.columns.some((column) => /^(rowid|_rowid_|oid)$/i.test(column))) return [];
      const object = showRelation({ ...old, name });
      return [{ message: `The rows of ${object} get other rowids`, object, line: copy.statement.line }];
    }),
});
