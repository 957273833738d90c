import { showRelation } from "../../effect/world.js";
import { madeConstraint } from "../new-constraint.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";
import { validation } from "../written.js";

export const rule = defineRule({
  id: "check-without-not-valid",
  title: "CHECK constraint without NOT VALID",
  why: "Every row is read and checked under an ACCESS EXCLUSIVE lock: neither reads nor writes get through until the last one has passed.",
  remedy:
    "Add it NOT VALID, which only changes the catalog and holds for new rows, and `VALIDATE CONSTRAINT` in a transaction of its own: that reads the rows and keeps nobody from reading or writing.",
  fix: "Add the check NOT VALID and validate it in a transaction of its own",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["constraint-missing-not-valid"],
    atlas: ["PG305"],
    eugene: ["E1"],
    pgsafe: ["add-check-without-not-valid"],
    pgfence: ["add-constraint-check-no-not-valid"],
    pgls: ["constraintMissingNotValid"],
    "pg-migration-lint": ["PGM015"],
    "drizzle-migration-lint": ["add-check-without-not-valid"],
  },
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);",
    {
      note: "the partitions are read, all in one transaction",
      before: [
        "CREATE TABLE events (at timestamptz, kind text) PARTITION BY RANGE (at);",
        "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');",
      ],
      sql: "ALTER TABLE events ADD CHECK (kind <> '');",
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
    {
      note: "what is not enforced is not checked",
      serverVersion: 18,
      sql: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT ENFORCED;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (total numeric); ALTER TABLE orders ADD CHECK (total > 0);",
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.constraint.kind !== "check") return undefined;
      const { scans } = context.effectOf(act);
      if (scans.length === 0) return undefined;
      const sql = context.textOf(act);
      const made = madeConstraint(table, context.after.relations.get(table.id), act.constraint);
      return {
        message: `All rows of ${showTable(context.before, table)} are read while nobody can read or write them`,
        object: showRelation(table),
        relations: context.relations(scans),
        at: "CHECK",
        ...(sql === null || made === undefined
          ? {}
          : { instead: [`${sql} NOT VALID`, validation(act.table, made.name, sql)] }),
      };
    },
  },
});
