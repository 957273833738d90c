import type { Act } from "../../effect/act.js";
import { defineRule } from "../rule.js";

function command(act: Act): string {
  switch (act.kind) {
    case "create-index":
      return "CREATE INDEX CONCURRENTLY";
    case "drop":
      return "DROP INDEX CONCURRENTLY";
    case "reindex":
      return act.concurrently ? "REINDEX CONCURRENTLY" : `REINDEX ${act.target.toUpperCase()}`;
    case "detach-partition":
      return "DETACH PARTITION CONCURRENTLY";
    case "add-enum-value":
      return "ALTER TYPE … ADD VALUE before PostgreSQL 12";
    case "vacuum":
      return "VACUUM";
    case "cluster":
      return "CLUSTER of every table";
    case "create-database":
      return "CREATE DATABASE";
    case "drop-database":
      return "DROP DATABASE";
    case "other":
      return act.command;
    default:
      return "This statement";
  }
}

export const rule = defineRule({
  id: "concurrently-in-transaction",
  title: "Statement that cannot run in a transaction, in one",
  why: "The server refuses it there with error 25001, and all that the transaction did before is rolled back. Besides what is said CONCURRENTLY this is about `VACUUM`, `CREATE DATABASE`, `REINDEX DATABASE`, and before PostgreSQL 12 about `ALTER TYPE … ADD VALUE`.",
  remedy:
    "Run it outside a transaction: in a step or a file of its own that the runner does not wrap (`op.autocommit` in a revision, `-- aludel:no-transaction` in one of SQL), or behind the COMMIT.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    squawk: ["ban-concurrent-index-creation-in-transaction"],
    atlas: ["PG103"],
    pgsafe: ["concurrently-in-transaction"],
    pgfence: ["concurrent-in-transaction"],
    pgls: ["banConcurrentIndexCreationInTransaction"],
    "pg-migration-lint": ["PGM003"],
  },
  bad: [
    {
      inTransaction: false,
      sql: "BEGIN;\nCREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);\nCOMMIT;",
    },
    {
      note: "the runner wraps the file",
      inTransaction: true,
      sql: "DROP INDEX CONCURRENTLY orders_customer;",
    },
    {
      note: "before PostgreSQL 12 a value cannot be added in a transaction",
      inTransaction: true,
      serverVersion: 11,
      sql: "ALTER TYPE mood ADD VALUE 'calm';",
    },
  ],
  good: [
    { inTransaction: false, sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);" },
    {
      inTransaction: false,
      sql: "BEGIN;\nALTER TABLE orders ADD COLUMN note text;\nCOMMIT;\nCREATE INDEX CONCURRENTLY orders_note ON orders (note);",
    },
    { inTransaction: true, sql: "ALTER TYPE mood ADD VALUE 'calm';" },
  ],
  statement: ({ statement, effect, transaction }) => {
    const [act] = statement.acts;
    if (act === undefined || effect.transaction !== "forbidden" || transaction.by === "none")
      return undefined;
    const around = transaction.by === "script" ? "and BEGIN has opened one" : "and the file runs in one";
    return { message: `${command(act)} cannot run in a transaction, ${around}` };
  },
});
