import type { World } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { type Rebuild, rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

/** Indexes and triggers that the old table had when it was dropped, and the new one has not in the end. */
function lost(end: World, { old, made, drop }: Rebuild): readonly string[] {
  const name = (world: World, id: number) => world.relations.get(id)?.name ?? "";
  const kept = new Set([...made.indexes].map((id) => name(end, id)));
  const keys = (world: World, ids: readonly number[]) =>
    ids.map((id) => JSON.stringify(world.relations.get(id)?.index?.keys.map(({ column }) => column)));
  const same = new Set(keys(end, made.indexes.toArray()));
  const indexes = [...old.indexes].filter(
    (id) => !kept.has(name(drop.before, id)) && !same.has(keys(drop.before, [id])[0] ?? ""),
  );
  const gone = (id: number) =>
    drop.before.relations
      .get(id)
      ?.index?.keys.some(({ column }) => column !== null && !made.columns.has(column));
  return [
    ...indexes.filter((id) => !gone(id)).map((id) => `the index ${name(drop.before, id)}`),
    ...[...old.triggers.keys()].filter((one) => !made.triggers.has(one)).map((one) => `the trigger ${one}`),
  ];
}

export const rule = defineRule({
  id: "rebuild-drops-indexes",
  title: "A table is made anew without its indexes or triggers",
  why: "DROP TABLE takes the indexes and triggers of the table with it. Nothing fails: queries slow down, duplicates get in where an index was UNIQUE, and what a trigger did is no longer done.",
  remedy:
    "Keep their text from `sqlite_schema` (and `sqlite_temp_schema`), and make them again after the RENAME.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX orders_state ON orders (state);`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO new_orders (id, state) SELECT id, coalesce(state, '') FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE TRIGGER stamp AFTER INSERT ON orders BEGIN UPDATE orders SET state = 'new' WHERE id = new.id; END;`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO new_orders (id, state) SELECT id, coalesce(state, '') FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX orders_state ON orders (state);`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO new_orders (id, state) SELECT id, coalesce(state, '') FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
CREATE INDEX orders_state ON orders (state);`,
    },
    {
      note: "its column is gone",
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX orders_state ON orders (state);`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  revision: (context) =>
    rebuildsOf(context.unit).flatMap((rebuild) => {
      const found = rebuild.isOurs ? [] : lost(context.after, rebuild);
      if (found.length === 0) return [];
      const object = showRelation({ ...rebuild.old, name: rebuild.name });
      return [{ message: `${object} loses ${found.join(", ")}`, object, line: rebuild.drop.line }];
    }),
});
