import { findRelation, showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "primary-key-on-nullable",
  title: "PRIMARY KEY USING INDEX over columns that may be NULL",
  why: "The key makes its columns NOT NULL, and for that every row is read under an ACCESS EXCLUSIVE lock: just what USING INDEX was meant to avoid. From PostgreSQL 12 on the scan is left out where a valid CHECK (column IS NOT NULL) proves it.",
  remedy:
    "Make the columns NOT NULL first, in the way that `set-not-null` says; or add a CHECK that they are, NOT VALID, and validate it before.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    atlas: ["PG304"],
    eugene: ["W14"],
    pgfence: ["add-pk-using-index"],
  },
  bad: [
    {
      before: ["CREATE TABLE orders (id bigint);", "CREATE UNIQUE INDEX orders_key ON orders (id);"],
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_key PRIMARY KEY USING INDEX orders_key;",
    },
    {
      note: "PostgreSQL 11 scans whatever is proved",
      serverVersion: 11,
      before: [
        "CREATE TABLE orders (id bigint CHECK (id IS NOT NULL));",
        "CREATE UNIQUE INDEX orders_key ON orders (id);",
      ],
      sql: "ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_key;",
    },
  ],
  good: [
    {
      before: ["CREATE TABLE orders (id bigint NOT NULL);", "CREATE UNIQUE INDEX orders_key ON orders (id);"],
      sql: "ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_key;",
    },
    {
      note: "a valid check proves it",
      before: [
        "CREATE TABLE orders (id bigint CHECK (id IS NOT NULL));",
        "CREATE UNIQUE INDEX orders_key ON orders (id);",
      ],
      sql: "ALTER TABLE orders ADD PRIMARY KEY USING INDEX orders_key;",
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const key = act.constraint;
      const table = context.existing(act.table);
      if (table === undefined || key.kind !== "primary-key" || key.usingIndex === null) return undefined;
      const { scans } = context.effectOf(act);
      if (scans.length === 0) return undefined;
      const index = findRelation(context.before, { namespace: table.namespace, name: key.usingIndex });
      const nullable = (index?.index?.keys ?? [])
        .flatMap(({ column }) => (column === null ? [] : [column]))
        .filter((column) => table.columns.get(column)?.notNull !== true);
      const what = nullable.length === 0 ? "the key's columns" : nullable.join(", ");
      return {
        message: `All rows of ${showRelation(table)} are read for a NULL in ${what} while nobody can read or write it`,
        object: showRelation(table),
        relations: context.relations(scans),
        at: "PRIMARY KEY",
      };
    },
  },
});
