import type { Column } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { copiedColumns, type Rebuild, rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

const collationOf = (column: Column): string => (column.collation?.name ?? "BINARY").toUpperCase();

/** Columns of a key whose values are compared in a way that takes more of them to be equal. */
function merged(rebuild: Rebuild): readonly string[] {
  const keys = new Set(
    [...rebuild.made.constraints.values()].flatMap((one) =>
      one.kind === "primary-key" || one.kind === "unique" ? one.columns : [],
    ),
  );
  return copiedColumns(rebuild).flatMap(({ into, source }) => {
    const from = source === null ? undefined : rebuild.old.columns.get(source);
    const to = rebuild.made.columns.get(into);
    if (from === undefined || to === undefined || !keys.has(into)) return [];
    return collationOf(to) !== collationOf(from) && collationOf(to) !== "BINARY" ? [into] : [];
  });
}

export const rule = defineRule({
  id: "rebuild-changes-collation",
  title: "A unique column gets another collation",
  why: "With NOCASE `Anna` and `anna` are one value: where both are there the copy stops with “UNIQUE constraint failed”.",
  remedy: "Look first: `SELECT name, count(*) FROM people GROUP BY name COLLATE NOCASE HAVING count(*) > 1`.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT UNIQUE);",
      sql: `CREATE TABLE new_people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE);
INSERT INTO new_people (id, name) SELECT id, name FROM people;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;`,
    },
    {
      before: "CREATE TABLE people (name TEXT PRIMARY KEY);",
      sql: `CREATE TABLE new_people (name TEXT COLLATE RTRIM PRIMARY KEY);
INSERT INTO new_people (rowid, name) SELECT rowid, name FROM people;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;`,
    },
  ],
  good: [
    {
      before: "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);",
      sql: `CREATE TABLE new_people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE);
INSERT INTO new_people (id, name) SELECT id, name FROM people;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;`,
    },
    {
      before: "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE);",
      sql: `CREATE TABLE new_people (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO new_people (id, name) SELECT id, name FROM people;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;`,
    },
  ],
  revision: ({ unit }) =>
    rebuildsOf(unit).flatMap((rebuild) => {
      const columns = merged(rebuild);
      const { old, name, copy } = rebuild;
      if (columns.length === 0 || copy === null) return [];
      const object = showRelation({ ...old, name });
      return [
        {
          message: `Values of ${columns.join(", ")} in ${object} that only now are equal stop the copy`,
          object,
          line: copy.statement.line,
        },
      ];
    }),
});
