import { type Relation, showRelation, type World } from "../../effect/world.js";

import type { RevisionContext } from "../context.js";
import { madeForeignKeys } from "../made-foreign-keys.js";
import { defineRule, type Say } from "../rule.js";

/** True for an index that finds the rows of one value of the key: its columns come first, and no row is left out. */
function serves(index: Relation, columns: readonly string[]): boolean {
  const state = index.index;
  if (state === null || !state.valid) return false;
  const first = state.keys.slice(0, columns.length).map(({ column }) => column);
  if (first.length < columns.length || !columns.every((column) => first.includes(column))) return false;
  if (!["btree", "hash"].includes(state.method)) return false;
  const where = state.where?.condition;
  return where === undefined || (where.kind === "not-null" && columns.includes(where.column));
}

function hasIndex(table: Relation, columns: readonly string[], world: World): boolean {
  return table.indexes.some((id) => {
    const index = world.relations.get(id);
    return index !== undefined && serves(index, columns);
  });
}

function says(context: RevisionContext): readonly Say[] {
  const { end } = context;
  return context.unit.statements.flatMap((statement) =>
    madeForeignKeys(statement).flatMap(({ key, table: { id } }) => {
      const table = end.relations.get(id);
      // Of a table that nobody saw made the indexes are not known.
      if (table === undefined || !table.known || table.temporary || !table.constraints.has(key.name))
        return [];
      if (hasIndex(table, key.columns, end)) return [];
      const target = end.relations.get(key.targetId);
      const rows = target === undefined ? "referenced rows" : `rows of ${showRelation(target)}`;
      return [
        {
          message: `Without an index that begins with (${key.columns.join(", ")}), all of ${showRelation(table)} is read whenever ${rows} are deleted or get another key`,
          object: `${showRelation(table)}.${key.name}`,
          relations: [table],
          line: statement.line,
          ...(context.isExisting(table) ? {} : { severity: "info" as const }),
        },
      ];
    }),
  );
}

export const rule = defineRule({
  id: "foreign-key-without-index",
  title: "Foreign key whose columns have no index",
  why: "PostgreSQL makes an index for the key that is referenced, none for the columns that refer to it. Whenever a referenced row is deleted, or its key is changed, the referring table is searched: from end to end, row lock in hand, for each of them. A partial index does not help, unless all that it leaves out is NULL.",
  remedy:
    "Build an index that begins with the columns of the foreign key, CONCURRENTLY, before the foreign key is added.",
  severity: "warning",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  directions: "upgrade",
  aliases: {
    eugene: ["E15"],
    pgsafe: ["fk-without-covering-index"],
    pgfence: ["fk-missing-index"],
    pgls: ["unindexedForeignKeys"],
    "pg-migration-lint": ["PGM501"],
  },
  bad: [
    {
      before: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);`,
      sql: "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;",
    },
    {
      note: "the index is partial",
      sql: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, open boolean);
CREATE INDEX orders_open ON orders (customer_id) WHERE open;`,
    },
  ],
  good: [
    `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE INDEX orders_customer ON orders (customer_id, id);`,
    {
      note: "what is left out is NULL",
      sql: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE INDEX orders_customer ON orders (customer_id) WHERE customer_id IS NOT NULL;`,
    },
    {
      note: "the primary key begins with it",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE lines (order_id bigint REFERENCES orders, line integer, PRIMARY KEY (order_id, line));`,
    },
  ],
  revision: says,
});
