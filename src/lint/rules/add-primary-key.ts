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
  const notNull = key.columns.every((column) => table.columns.get(column)?.notNull === true);
  if (key.withoutOverlaps || made === undefined || !notNull) return undefined;
  if (table.kind === "partitioned-table") return undefined;
  const sql = context.textOf(act);
  const options = sql === null ? null : indexOptions(sql);
  if (sql === null || options === null) return undefined;
  const name = written(made.name, sql);
  const on = writtenName(act.table, sql);
  const include = key.include.length === 0 ? "" : ` INCLUDE (${writtenList(key.include, sql)})`;
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${on} (${writtenList(key.columns, sql)})${include}${options}`,
    `ALTER TABLE ${on} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${name}${deferral(key)}`,
  ];
}

export const rule = defineRule({
  id: "add-primary-key",
  title: "PRIMARY KEY that builds its index under the lock",
  why: "The key's index is built under an ACCESS EXCLUSIVE lock, and every row is read to see that the columns hold no NULL: neither reads nor writes get through until both are done.",
  remedy:
    "Make the columns NOT NULL in the way that `set-not-null` says, build a unique index with `CREATE UNIQUE INDEX CONCURRENTLY`, then `ADD PRIMARY KEY USING INDEX`, which only changes the catalog.",
  fix: "Build the index CONCURRENTLY and let the key take it over",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["adding-serial-primary-key-field"],
    atlas: ["PG104"],
    pgsafe: ["add-primary-key-without-index"],
    pgfence: ["add-pk-without-using-index"],
    pgls: ["addingPrimaryKeyConstraint"],
    "pg-migration-lint": ["PGM016"],
    "drizzle-migration-lint": ["add-primary-key-on-existing-table"],
  },
  bad: [
    "ALTER TABLE orders ADD PRIMARY KEY (id);",
    {
      before: "CREATE TABLE orders (id bigint NOT NULL);",
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_key PRIMARY KEY (id);",
    },
  ],
  good: [
    {
      before: ["CREATE TABLE orders (id bigint NOT NULL);", "CREATE UNIQUE INDEX orders_key ON orders (id);"],
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_key PRIMARY KEY USING INDEX orders_key;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD PRIMARY KEY (id);",
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const key = act.constraint;
      const table = context.existing(act.table);
      if (table === undefined || key.kind !== "primary-key" || key.usingIndex !== null) return undefined;
      const effect = context.effectOf(act);
      if (effect.indexBuilds.length === 0 && effect.scans.length === 0) return undefined;
      const sql = instead(act, key, table, context);
      return {
        message: `Nobody can read or write ${showTable(context.before, table)} while the key's index is built`,
        object: showRelation(table),
        relations: context.relations(effect.indexBuilds),
        at: "PRIMARY KEY",
        ...(sql === undefined ? {} : { instead: sql }),
      };
    },
  },
});
