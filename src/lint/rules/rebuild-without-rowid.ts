import { showRelation } from "../../effect/world.js";
import { rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rebuild-without-rowid",
  title: "A table becomes WITHOUT ROWID",
  why: "In an ordinary table a primary key that is no INTEGER PRIMARY KEY may hold NULL, and a table WITHOUT ROWID refuses it: the copy stops at the first such row. `rowid` and `last_insert_rowid()` are gone for code that uses them.",
  remedy: "Look first for rows with NULL in the key, and for code that names the rowid.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE pages (slug TEXT PRIMARY KEY);",
      sql: `CREATE TABLE new_pages (slug TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO new_pages (slug) SELECT slug FROM pages;
DROP TABLE pages;
ALTER TABLE new_pages RENAME TO pages;`,
    },
    {
      sql: `CREATE TABLE new_pages (slug TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO new_pages (slug) SELECT slug FROM pages;
DROP TABLE pages;
ALTER TABLE new_pages RENAME TO pages;`,
    },
  ],
  good: [
    "CREATE TABLE pages (slug TEXT PRIMARY KEY) WITHOUT ROWID;",
    {
      before: "CREATE TABLE pages (slug TEXT PRIMARY KEY) WITHOUT ROWID;",
      sql: `CREATE TABLE new_pages (slug TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
INSERT INTO new_pages (slug) SELECT slug FROM pages;
DROP TABLE pages;
ALTER TABLE new_pages RENAME TO pages;`,
    },
  ],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap(({ old, name, made, drop }) => {
      if (!made.options.has("without rowid") || old.options.has("without rowid")) return [];
      const object = showRelation({ ...old, name });
      return [
        { message: `${object} has no rowid any more, and takes no NULL in its key`, object, line: drop.line },
      ];
    }),
});
