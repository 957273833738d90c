import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "concurrent-index-on-14",
  title: "Concurrent index build on PostgreSQL 14",
  why: "PostgreSQL 14.0 to 14.3 can leave rows out of an index that `CREATE INDEX CONCURRENTLY` or `REINDEX CONCURRENTLY` builds while the table is written to. Nothing reports it; queries then miss rows. Which minor version runs cannot be seen in SQL, so only who asks for this rule has it.",
  remedy: "Have 14.4 or a newer version before an index is built CONCURRENTLY.",
  severity: "off",
  group: "locks",
  dialects: ["postgres"],
  since: 14,
  until: 14,
  small: "same",
  aliases: {},
  bad: [
    {
      serverVersion: 14,
      inTransaction: false,
      sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);",
    },
    { serverVersion: 14, inTransaction: false, sql: "REINDEX TABLE CONCURRENTLY orders;" },
  ],
  good: [
    { serverVersion: 14, sql: "CREATE INDEX orders_customer ON orders (customer_id);" },
    {
      serverVersion: 15,
      inTransaction: false,
      sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);",
    },
  ],
  on: {
    "create-index": (act) =>
      act.concurrently ? { message: "Before 14.4 the index may miss rows", at: "CONCURRENTLY" } : undefined,
    reindex: (act) =>
      act.concurrently ? { message: "Before 14.4 the index may miss rows", at: "CONCURRENTLY" } : undefined,
  },
});
