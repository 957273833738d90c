import type { AnalysedStatement } from "../../effect/statement.js";
import { findRelation, type Relation, showRelation, type World } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { type MadeForeignKey, madeForeignKeys } from "../made-foreign-keys.js";
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
  return [...table.indexes].some((id) => {
    const index = world.relations.get(id);
    return index !== undefined && serves(index, columns);
  });
}

/** `orders_customer_id_idx`, as the server would call it; with a number where that is taken. */
function freeName(table: Relation, columns: readonly string[], world: World): string {
  const { namespace } = table;
  for (let count = 0; ; count += 1) {
    const ending = `_idx${count === 0 ? "" : count}`;
    let stem = [table.name, ...columns].join("_");
    while (Buffer.byteLength(stem + ending) > 63) stem = [...stem].slice(0, -1).join("");
    if (findRelation(world, { namespace, name: stem + ending }) === undefined) return stem + ending;
  }
}

/** The index that the key lacks, where one statement can build it. */
function wanted(
  statement: AnalysedStatement,
  { key, table, spelled }: MadeForeignKey,
  context: RevisionContext,
): Pick<Say, "index"> {
  if (table.kind !== "table" || table.temporary) return {};
  const concurrently = context.isExisting(table);
  const columns = statement.before.relations.get(table.id)?.columns;
  return {
    index: {
      table: spelled,
      name: freeName(table, key.columns, context.end),
      columns: key.columns,
      key: key.name,
      concurrently,
      above: key.columns.every((column) => columns?.has(column) === true),
    },
  };
}

function says(context: RevisionContext): readonly Say[] {
  const { end } = context;
  const named = new Set<string>();
  return context.unit.statements.flatMap((statement) =>
    madeForeignKeys(statement).flatMap((made) => {
      const { key } = made;
      const { id } = made.table;
      const table = end.relations.get(id);
      // Of a table that nobody saw made the indexes are not known.
      if (table === undefined || !table.known || table.temporary || !table.constraints.has(key.name))
        return [];
      if (hasIndex(table, key.columns, end)) return [];
      const target = end.relations.get(key.targetId);
      // One index does for two keys of the same columns.
      const same = JSON.stringify([id, key.columns]);
      const isNamed = named.has(same);
      named.add(same);
      const rows = target === undefined ? "referenced rows" : `rows of ${showRelation(target)}`;
      return [
        {
          message: `Without an index that begins with (${key.columns.join(", ")}), all of ${showRelation(table)} is read whenever ${rows} are deleted or get another key`,
          object: `${showRelation(table)}.${key.name}`,
          relations: [table],
          line: statement.line,
          ...(isNamed ? {} : wanted(statement, made, context)),
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
  fix: "Build the index that the key lacks",
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
