import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import { actsOfKind } from "../ahead.js";
import { defineRule } from "../rule.js";

const hasKey = (table: Relation | undefined): boolean =>
  [...(table?.constraints.values() ?? [])].some(({ kind }) => kind === "primary-key");

/** A unique constraint over columns that are never NULL would do as a key. */
function candidate(table: Relation): string | null {
  for (const constraint of table.constraints.values()) {
    if (constraint.kind !== "unique" || constraint.columns.length === 0) continue;
    if (constraint.columns.every((name) => table.columns.get(name)?.notNull))
      return constraint.columns.join(", ");
  }
  return null;
}

export const rule = defineRule({
  id: "no-primary-key",
  title: "A table without a primary key",
  why: "Nothing tells two equal rows apart: one of them cannot be deleted, logical replication refuses its UPDATEs and DELETEs, an ORM cannot save a row, and a backfill cannot go through it in batches.",
  remedy: "Give it a primary key. A unique constraint over columns that are NOT NULL can simply become one.",
  severity: "warning",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    pgsafe: ["require-primary-key"],
    pgls: ["noPrimaryKey"],
    "pg-migration-lint": ["PGM502", "PGM503"],
  },
  bad: [
    "CREATE TABLE orders (id bigint, note text);",
    "CREATE TABLE codes (code text NOT NULL UNIQUE);",
    "CREATE TABLE totals AS SELECT 1 AS one;",
  ],
  good: [
    "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
    {
      note: "the key comes later in the file, as pg_dump writes it",
      sql: `CREATE TABLE orders (id bigint, note text);
ALTER TABLE ONLY orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);`,
    },
    "CREATE TEMPORARY TABLE scratch (id bigint);",
    {
      note: "a partition has the key of its table",
      sql: `CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`,
    },
  ],
  revision: (context) => {
    const { statements } = context.unit;
    const made = [...actsOfKind(statements, "create-table"), ...actsOfKind(statements, "create-table-as")];
    return made.flatMap(({ act, statement }) => {
      const born = findRelation(statement.after, act.name);
      if (born === undefined || born.temporary || born.bornAt !== statement.position) return [];
      const table = context.after.relations.get(born.id);
      // Dropped again, or a key that a later revision adds.
      if (table === undefined || hasKey(table) || hasKey(context.end.relations.get(table.id))) return [];
      const isOrdinary = table.kind === "table" || table.kind === "partitioned-table";
      if (!isOrdinary || table.parents.length > 0) return [];
      const object = showRelation(table);
      const key = candidate(table);
      const message =
        key === null
          ? `Nothing tells equal rows of ${object} apart`
          : `${object} has no primary key, and ${key} could be it`;
      return [{ message, object, line: statement.line }];
    });
  },
});
