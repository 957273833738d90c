import type { Act } from "../../effect/act.js";
import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import type { StatementContext } from "../context.js";
import { madeConstraint } from "../new-constraint.js";
import { defineRule, type Say } from "../rule.js";
import { showAll, showTable } from "../work.js";
import { validation } from "../written.js";

const onEach =
  "Before PostgreSQL 18 a partitioned table takes no foreign key NOT VALID. Add it to each partition NOT VALID and validate it there, partition by partition; adding it to the partitioned table afterwards adopts those that fit.";

function gentler(act: Act<"add-constraint">, table: Relation, context: StatementContext): Partial<Say> {
  if (table.kind === "partitioned-table" && context.serverVersion < 18) return { remedy: onEach };
  const made = madeConstraint(table, context.after.relations.get(table.id), act.constraint);
  const sql = context.textOf(act);
  if (sql === null || made === undefined) return {};
  return { instead: [`${sql} NOT VALID`, validation(act.table, made.name, sql)] };
}

export const rule = defineRule({
  id: "foreign-key-without-not-valid",
  title: "FOREIGN KEY without NOT VALID",
  why: "Every row is looked up in the referenced table under SHARE ROW EXCLUSIVE locks on both: nobody can write to either until the last one is found.",
  remedy:
    "Add it NOT VALID, which only changes the catalog and holds for new rows, and `VALIDATE CONSTRAINT` in a transaction of its own: that looks the rows up and keeps nobody from reading or writing.",
  fix: "Add the foreign key NOT VALID and validate it in a transaction of its own",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["adding-foreign-key-constraint", "constraint-missing-not-valid"],
    atlas: ["PG306"],
    eugene: ["E1"],
    pgsafe: ["add-fk-without-not-valid"],
    pgfence: ["add-constraint-fk-no-not-valid"],
    pgls: ["addingForeignKeyConstraint"],
    "pg-migration-lint": ["PGM014"],
    "drizzle-migration-lint": ["add-fk-without-not-valid"],
  },
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);",
    {
      before: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint, customer_id bigint);`,
      sql: "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE;",
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer;`,
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (id bigint, customer_id bigint);
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);`,
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const key = act.constraint;
      const table = context.existing(act.table);
      if (table === undefined || key.kind !== "foreign-key") return undefined;
      const { foreignKeyChecks } = context.effectOf(act);
      if (foreignKeyChecks.length === 0) return undefined;
      const target = findRelation(context.after, key.target);
      const both = target !== undefined && target.id !== table.id && context.isExisting(target);
      const writers = both
        ? `${showTable(context.before, table)} or ${showAll([target])}`
        : showTable(context.before, table);
      return {
        message: `Nobody can write to ${writers} while every row is looked up`,
        object: showRelation(table),
        relations: context.relations(foreignKeyChecks),
        at: "FOREIGN KEY",
        ...gentler(act, table, context),
      };
    },
  },
});
