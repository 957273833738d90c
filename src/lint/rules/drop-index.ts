import { type IndexState, type Relation, showRelation, type World } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import { defineRule } from "../rule.js";

const keyText = (index: IndexState): readonly string[] =>
  index.keys.map((key) => key.column ?? key.expression?.sql ?? "");

/** An index of the table that serves the same queries: it begins with the same keys. */
function isCovered(world: World, table: Relation, dropped: Relation, index: IndexState): boolean {
  const wanted = keyText(index);
  return [...table.indexes].some((id) => {
    const other = world.relations.get(id);
    if (other?.index == null || other.id === dropped.id || other.index.method !== index.method) return false;
    if (other.index.keys[0]?.column !== index.keys[0]?.column) return false;
    if (other.index.where !== null && other.index.where.sql !== index.where?.sql) return false;
    const keys = keyText(other.index);
    const covers = wanted.every((key, at) => keys[at] === key);
    return covers && (!index.unique || (other.index.unique && keys.length === wanted.length));
  });
}

export const rule = defineRule({
  id: "drop-index",
  title: "DROP INDEX of an index that no other one replaces",
  why: "Queries that used it read the whole table from now on. Where it was UNIQUE, duplicates get in.",
  remedy:
    "Look at `idx_scan` in `pg_stat_user_indexes`, on the replicas too, before it goes. An index that is only made anew is built first and dropped then.",
  severity: "info",
  group: "destruction",
  dialects: "all",
  small: "harmless",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE INDEX orders_state ON orders (state);`,
      sql: "DROP INDEX CONCURRENTLY orders_state;",
      inTransaction: false,
    },
    {
      before: `CREATE TABLE people (id bigint PRIMARY KEY, email text);
CREATE UNIQUE INDEX people_email ON people (email);`,
      sql: "DROP INDEX people_email;",
    },
  ],
  good: [
    {
      note: "another index begins with the same column",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, state text, at date);
CREATE INDEX orders_state ON orders (state);
CREATE INDEX orders_state_at ON orders (state, at);`,
      sql: "DROP INDEX CONCURRENTLY orders_state;",
      inTransaction: false,
    },
    {
      note: "its column is dropped as well",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE INDEX orders_state ON orders (state);`,
      sql: `DROP INDEX orders_state;
ALTER TABLE orders DROP COLUMN state;`,
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "index") return undefined;
      const end = worldAtEnd(context);
      return act.names.flatMap((name) => {
        const dropped = context.existing(name);
        // Of an index that nobody saw made nothing is known that could be said.
        if (dropped?.index == null) return [];
        const { index } = dropped;
        const table = end.relations.get(index.table);
        if (table === undefined || isCovered(end, table, dropped, index)) return [];
        const isColumnGone = index.keys.some((key) => key.column !== null && !table.columns.has(key.column));
        if (isColumnGone && table.columnsKnown) return [];
        const object = showRelation(dropped);
        const what = index.unique
          ? `duplicates get into ${showRelation(table)}`
          : `queries on ${keyText(index).join(", ")} of ${showRelation(table)} read the whole table`;
        return [{ message: `Without ${object} ${what}`, object, relations: [table], at: name.name }];
      });
    },
  },
});
