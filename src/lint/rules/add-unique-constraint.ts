import type { Act } from "../../effect/act.js";
import type { KeyDefinition } from "../../effect/syntax.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { StatementContext } from "../context.js";
import { deferral, indexOptions, madeConstraint } from "../new-constraint.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";
import { written, writtenList, writtenName } from "../written.js";

function instead(
  act: Act<"add-constraint">,
  key: KeyDefinition,
  table: Relation,
  context: StatementContext,
): readonly string[] | undefined {
  const made = madeConstraint(table, context.after.relations.get(table.id), key);
  if (key.withoutOverlaps || made === undefined || key.columns.length === 0) return undefined;
  const sql = context.textOf(act);
  const options = sql === null ? null : indexOptions(sql);
  if (sql === null || options === null) return undefined;
  const name = written(made.name, sql);
  const on = writtenName(act.table, sql);
  const include = key.include.length === 0 ? "" : ` INCLUDE (${writtenList(key.include, sql)})`;
  const nulls = key.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${on} (${writtenList(key.columns, sql)})${include}${nulls}${options}`,
    `ALTER TABLE ${on} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}${deferral(key)}`,
  ];
}

export const rule = defineRule({
  id: "add-unique-constraint",
  title: "UNIQUE constraint that builds its index under the lock",
  why: "The constraint's index is built under an ACCESS EXCLUSIVE lock: neither reads nor writes get through until it is finished.",
  remedy:
    "Build the index first with `CREATE UNIQUE INDEX CONCURRENTLY`, outside a transaction, then `ADD CONSTRAINT … UNIQUE USING INDEX`, which only changes the catalog.",
  fix: "Build the index CONCURRENTLY and let the constraint take it over",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["disallowed-unique-constraint"],
    atlas: ["PG105"],
    eugene: ["E7"],
    pgsafe: ["add-unique-constraint"],
    pgfence: ["add-constraint-unique"],
    pgls: ["disallowUniqueConstraint"],
    "pg-migration-lint": ["PGM017"],
    "drizzle-migration-lint": ["add-unique-constraint"],
  },
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);",
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "ALTER TABLE orders ADD UNIQUE NULLS NOT DISTINCT (number) INCLUDE (id);",
      serverVersion: 15,
    },
  ],
  good: [
    {
      note: "the index is there already",
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
        "CREATE UNIQUE INDEX orders_number ON orders (number);",
      ],
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE USING INDEX orders_number;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY, number text);
ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);`,
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const key = act.constraint;
      const table = context.existing(act.table);
      if (table === undefined || key.kind !== "unique" || key.usingIndex !== null) return undefined;
      const builds = context.effectOf(act).indexBuilds;
      if (builds.length === 0) return undefined;
      const partitioned = table.kind === "partitioned-table";
      const sql = partitioned ? undefined : instead(act, key, table, context);
      return {
        message: `Nobody can read or write ${showTable(context.before, table)} while the index is built`,
        object: showRelation(table),
        relations: context.relations(builds),
        at: "UNIQUE",
        ...(sql === undefined ? {} : { instead: sql }),
        ...(partitioned
          ? {
              remedy:
                "A partitioned table takes no UNIQUE USING INDEX. Build a unique index on each partition with `CREATE UNIQUE INDEX CONCURRENTLY`, then add the constraint: it adopts indexes that fit.",
            }
          : {}),
      };
    },
  },
});
