import type { Act } from "../../effect/act.js";
import type { NotNullDefinition } from "../../effect/syntax.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { StatementContext } from "../context.js";
import { proofFirst } from "../proof-first.js";
import { longOfRequired } from "../required-column.js";
import { defineRule, type Say } from "../rule.js";
import { showTable } from "../work.js";
import { validation } from "../written.js";

function say(
  act: Act<"set-not-null" | "add-constraint">,
  column: string,
  at: string,
  context: StatementContext,
): Say | undefined {
  const table = context.existing(act.table);
  const { scans } = context.effectOf(act);
  if (table === undefined || scans.length === 0) return undefined;
  return {
    message: `All rows of ${showTable(context.before, table)} are read for a NULL in ${column} while nobody can read or write them`,
    object: `${showRelation(table)}.${column}`,
    relations: context.relations(scans),
    at,
  };
}

function nameOf(
  table: Relation,
  { name, column }: NotNullDefinition,
  context: StatementContext,
): string | null {
  return name ?? context.after.relations.get(table.id)?.columns.get(column)?.notNullName ?? null;
}

export const rule = defineRule({
  id: "set-not-null",
  title: "SET NOT NULL that reads the whole table",
  why: "Every row is read to see that none has a NULL, under an ACCESS EXCLUSIVE lock: neither reads nor writes get through meanwhile. From PostgreSQL 12 on the scan is left out where a valid CHECK (column IS NOT NULL) proves it.",
  remedy:
    "Add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a transaction of its own, then SET NOT NULL, then drop the check. On PostgreSQL 18 `ADD CONSTRAINT … NOT NULL column NOT VALID` and `VALIDATE CONSTRAINT` do the same.",
  fix: "Prove it without keeping anybody out, then set NOT NULL",
  expands: true,
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["adding-not-nullable-field"],
    atlas: ["PG303"],
    eugene: ["E2"],
    pgsafe: ["set-not-null"],
    pgfence: ["alter-column-set-not-null"],
    pgls: ["addingNotNullField"],
    "pg-migration-lint": ["PGM013"],
    "drizzle-migration-lint": ["set-not-null"],
  },
  bad: [
    "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    `ALTER TABLE orders ADD COLUMN region text;
UPDATE orders SET region = upper(country);
ALTER TABLE orders ALTER COLUMN region SET NOT NULL;`,
    {
      note: "PostgreSQL 11 scans whatever is proved",
      serverVersion: 11,
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "ALTER TABLE orders ADD CONSTRAINT present CHECK (customer_id IS NOT NULL) NOT VALID;",
        "ALTER TABLE orders VALIDATE CONSTRAINT present;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    },
    {
      note: "a constraint with a name reads them, too",
      serverVersion: 18,
      before: "CREATE TABLE orders (id bigint, customer_id bigint);",
      sql: "ALTER TABLE orders ADD CONSTRAINT has_customer NOT NULL customer_id;",
    },
    {
      note: "the partitions are read, all in one transaction",
      before: [
        "CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);",
        "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');",
      ],
      sql: "ALTER TABLE events ALTER COLUMN kind SET NOT NULL;",
    },
  ],
  good: [
    {
      inTransaction: false,
      serverVersion: 18,
      sql: `ALTER TABLE orders ADD CONSTRAINT has_customer NOT NULL customer_id NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT has_customer;`,
    },
    {
      note: "a valid check proves it",
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "ALTER TABLE orders ADD CONSTRAINT present CHECK (customer_id IS NOT NULL) NOT VALID;",
        "ALTER TABLE orders VALIDATE CONSTRAINT present;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    },
    {
      note: "it is NOT NULL already",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);",
      sql: "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    },
  ],
  on: {
    "set-not-null": (act, context) => {
      const found = say(act, act.column, "SET NOT NULL", context);
      const sql = context.textOf(act);
      if (found === undefined) return undefined;
      const said = { ...found, ...longOfRequired(act, context) };
      if (sql === null || context.serverVersion < 12) return said;
      return { ...said, instead: proofFirst(act.table, act.column, { ...context, sql }) };
    },
    "add-constraint": (act, context) => {
      if (act.constraint.kind !== "not-null") return undefined;
      const said = say(act, act.constraint.column, "NOT NULL", context);
      const table = context.existing(act.table);
      const name = table === undefined ? null : nameOf(table, act.constraint, context);
      const sql = context.textOf(act);
      if (said === undefined || sql === null || name === null) return said;
      return { ...said, instead: [`${sql} NOT VALID`, validation(act.table, name, sql)] };
    },
  },
});
