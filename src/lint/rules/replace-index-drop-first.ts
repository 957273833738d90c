import type { AnalysedStatement } from "../../effect/statement.js";
import { findRelation, type Relation, type RelationId, showRelation } from "../../effect/world.js";
import { actsOf, inOneTransaction } from "../acts-of.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

interface Gone {
  readonly index: Relation;
  readonly statement: AnalysedStatement;
}

const firstKey = (index: Relation | undefined): string | null => index?.index?.keys[0]?.column ?? null;

const keyOf = (table: RelationId | undefined, column: string | null | undefined): string | undefined =>
  table === undefined || column === null || column === undefined ? undefined : `${table} ${column}`;

/** An index of the same table that begins with the same column, and was committed as gone before. */
function says(context: RevisionContext): readonly Say[] {
  const gone = new Map<string, Gone>();
  const found: Say[] = [];
  for (const { act, statement } of actsOf(context.unit.statements)) {
    if (act.kind === "drop" && act.object === "index") {
      for (const name of act.names) {
        const index = findRelation(statement.before, name);
        const key = keyOf(index?.index?.table, firstKey(index));
        if (index !== undefined && key !== undefined) gone.set(key, { index, statement });
      }
    }
    if (act.kind !== "create-index" || gone.size === 0) continue;
    const table = findRelation(statement.before, act.table);
    if (table === undefined || !context.isExisting(table)) continue;
    const earlier = gone.get(keyOf(table.id, act.keys[0]?.column) ?? "");
    if (earlier === undefined || inOneTransaction(earlier.statement, statement)) continue;
    found.push({
      message: `Until this index is built, queries on ${showRelation(table)} have neither it nor ${showRelation(earlier.index)}`,
      object: showRelation(table),
      relations: [table],
      line: earlier.statement.line,
    });
  }
  return found;
}

export const rule = defineRule({
  id: "replace-index-drop-first",
  title: "Index that is dropped before its successor is built",
  why: "Between the two statements queries find no index that begins with the column, and read the whole table: for as long as the build lasts, and for good if it fails.",
  remedy:
    "Build the new index first, under another name, then drop the old one, and rename the new one if its name matters.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      inTransaction: false,
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "CREATE INDEX orders_customer ON orders (customer_id);",
      ],
      sql: `DROP INDEX CONCURRENTLY orders_customer;
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id, id);`,
    },
    {
      inTransaction: false,
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
        "CREATE INDEX orders_number ON orders (number);",
      ],
      sql: `DROP INDEX CONCURRENTLY orders_number;
CREATE UNIQUE INDEX CONCURRENTLY orders_one_number ON orders (number);`,
    },
  ],
  good: [
    {
      inTransaction: false,
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "CREATE INDEX orders_customer ON orders (customer_id);",
      ],
      sql: `CREATE INDEX CONCURRENTLY orders_both ON orders (customer_id, id);
DROP INDEX CONCURRENTLY orders_customer;`,
    },
    {
      note: "the new index has nothing to do with the old one",
      inTransaction: false,
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "CREATE INDEX orders_customer ON orders (customer_id);",
      ],
      sql: `DROP INDEX CONCURRENTLY orders_customer;
CREATE INDEX CONCURRENTLY orders_id ON orders (id);`,
    },
  ],
  revision: says,
});
