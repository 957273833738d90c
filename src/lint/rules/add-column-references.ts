import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "add-column-references",
  title: "ADD COLUMN with REFERENCES and a default",
  why: "Every row is looked up in the referenced table, under an ACCESS EXCLUSIVE lock on this one and a SHARE ROW EXCLUSIVE lock on that one. Without any DEFAULT nothing is looked up: then REFERENCES costs an instant.",
  remedy:
    "Add the column without REFERENCES, then the foreign key NOT VALID, and validate it in a transaction of its own.",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["adding-foreign-key-constraint"],
    pgls: ["addingForeignKeyConstraint"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN kind_id bigint DEFAULT 1 REFERENCES kinds (id);",
    {
      before: `CREATE TABLE kinds (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint);`,
      sql: "ALTER TABLE orders ADD COLUMN kind_id bigint NOT NULL DEFAULT 1 REFERENCES kinds;",
    },
    {
      note: "a default is one to the server, even if it is NULL",
      sql: "ALTER TABLE orders ADD COLUMN customer_id bigint DEFAULT NULL REFERENCES customers (id);",
    },
  ],
  good: [
    {
      note: "every value is NULL",
      sql: "ALTER TABLE orders ADD COLUMN customer_id bigint REFERENCES customers (id);",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD COLUMN kind_id bigint DEFAULT 1 REFERENCES kinds (id);",
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const { foreignKeyChecks, rewrites } = context.effectOf(act);
      if (foreignKeyChecks.length === 0 || rewrites.length > 0) return undefined;
      return {
        message: `Every row of ${showTable(context.before, table)} is looked up while nobody can read or write it`,
        object: `${showRelation(table)}.${act.definition.name}`,
        relations: context.relations(foreignKeyChecks),
        at: "REFERENCES",
      };
    },
  },
});
