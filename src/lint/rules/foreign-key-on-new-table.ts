import { isAtLeast } from "../../effect/lock.js";
import { defineRule } from "../rule.js";
import { showAll } from "../work.js";

export const rule = defineRule({
  id: "foreign-key-on-new-table",
  title: "CREATE TABLE with a foreign key to a table in use",
  why: "The referenced table gets triggers, and for that a SHARE ROW EXCLUSIVE lock: nobody can write to it until the transaction ends, and the statement first waits for those who do. No row is looked at.",
  remedy:
    "Give it a short `lock_timeout`, and keep the transaction short. Where the referenced table is always busy, add the foreign key in a transaction of its own.",
  severity: "off",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id));",
    {
      before: "CREATE TABLE customers (id bigint PRIMARY KEY);",
      sql: "CREATE TABLE orders (id bigint, customer_id bigint, FOREIGN KEY (customer_id) REFERENCES customers);",
    },
  ],
  good: [
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
    {
      note: "both are new",
      sql: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);`,
    },
  ],
  on: {
    "create-table": (act, context) => {
      if (act.partitionOf !== null) return undefined;
      const locked = [...context.effectOf(act).locks].filter(([, mode]) =>
        isAtLeast(mode, "SHARE ROW EXCLUSIVE"),
      );
      const relations = context.relations(locked.map(([id]) => id));
      if (relations.length === 0) return undefined;
      return {
        message: `Nobody can write to ${showAll(relations)} until the transaction ends`,
        object: showAll(relations),
        relations,
        at: "REFERENCES",
      };
    },
  },
});
