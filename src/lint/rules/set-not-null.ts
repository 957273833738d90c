import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "set-not-null",
  title: "SET NOT NULL that reads the whole table",
  why: "Every row is read to see that none has a NULL, under an ACCESS EXCLUSIVE lock: neither reads nor writes get through meanwhile. From PostgreSQL 12 on the scan is left out where a valid CHECK (column IS NOT NULL) proves it.",
  remedy:
    "Add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a transaction of its own, then SET NOT NULL, then drop the check. On PostgreSQL 18 `ADD CONSTRAINT … NOT NULL column NOT VALID` and `VALIDATE CONSTRAINT` do the same.",
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
  ],
  good: [
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
      const table = context.existing(act.table);
      if (table === undefined || context.effectOf(act).scans.length === 0) return undefined;
      const name = showRelation(table);
      return {
        message: `All rows of ${name} are read while nobody can read or write it`,
        object: `${name}.${act.column}`,
        relations: context.relations(context.effectOf(act).scans),
        at: "SET NOT NULL",
      };
    },
  },
});
