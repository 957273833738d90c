import { updateInBatches } from "../../dialect/update-in-batches.js";
import type { Act } from "../../effect/act.js";
import { showRelation } from "../../effect/world.js";
import { rewriteCause } from "../added-column.js";
import type { StatementContext } from "../context.js";
import { proofFirst } from "../proof-first.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";
import { written, writtenName } from "../written.js";

/** The column alone, then its default for new rows, then the value of the old ones, and last that none is missing. */
function filledLater(
  act: Act<"add-column">,
  value: string,
  context: StatementContext,
): { readonly instead?: readonly string[] } {
  const { name, notNull, constraints } = act.definition;
  const sql = context.textOf(act);
  if (sql === null) return {};
  const at = sql.lastIndexOf(value);
  const before = /\s+DEFAULT\s+\(?$/i.exec(sql.slice(0, at));
  if (act.ifNotExists || constraints.length > 0 || at === -1 || before === null) return {};
  const rest = sql.slice(at + value.length).replace(before[0].endsWith("(") ? /^\s*\)/ : /^/, "");
  const bare = `${sql.slice(0, before.index)}${rest}`.replace(/\s+NOT\s+NULL\b/i, "").trimEnd();
  const on = writtenName(act.table, sql);
  const column = written(name, sql);
  const filled = [
    bare,
    `ALTER TABLE ${on} ALTER COLUMN ${column} SET DEFAULT ${value}`,
    updateInBatches(on, `${column} = DEFAULT`, `${column} IS NULL`),
  ];
  return { instead: notNull ? [...filled, ...proofFirst(act.table, name, { ...context, sql })] : filled };
}

export const rule = defineRule({
  id: "volatile-default",
  title: "ADD COLUMN with a default that differs from row to row",
  why: "A constant, and a function that is the same for the whole statement (`now()`), is kept once in the catalog. A volatile one (`gen_random_uuid()`, `random()`, `clock_timestamp()`, `nextval()`, a function of yours that is not said to be STABLE) is worked out for every row: all rows and indexes are written anew under an ACCESS EXCLUSIVE lock, and neither reads nor writes get through.",
  remedy:
    "Add the column without a default, then `ALTER COLUMN … SET DEFAULT`, which is for new rows alone. Fill the old rows in batches, each committed by itself, and make the column NOT NULL in the way that `set-not-null` says.",
  fix: "Add the column without its default and fill the rows afterwards",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["adding-field-with-default"],
    atlas: ["PG302"],
    eugene: ["E10"],
    pgsafe: ["add-column-volatile-default"],
    pgfence: ["add-column-non-constant-default"],
    pgls: ["addingFieldWithDefault"],
    "pg-migration-lint": ["PGM006"],
    "drizzle-migration-lint": ["volatile-default-on-add-column"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    {
      note: "a function is volatile unless it says otherwise",
      before: "CREATE FUNCTION next_number() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';",
      sql: "ALTER TABLE orders ADD COLUMN number integer NOT NULL DEFAULT next_number();",
    },
  ],
  good: [
    {
      note: "a function of SQL is as volatile as the expression that the server puts in its place",
      before:
        "CREATE FUNCTION utc() RETURNS timestamp LANGUAGE sql AS $$ SELECT now() AT TIME ZONE 'utc' $$;",
      sql: "ALTER TABLE orders ADD COLUMN made_at timestamp DEFAULT utc();",
    },
    "ALTER TABLE orders ADD COLUMN made_at timestamptz NOT NULL DEFAULT now();",
    "ALTER TABLE orders ADD COLUMN rank integer NOT NULL DEFAULT -1, ADD COLUMN tags text[] DEFAULT '{}'::text[];",
    `ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();`,
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      const { name, default: value } = act.definition;
      if (table === undefined || value === null || rewriteCause(act, context) !== "default") return undefined;
      return {
        message: `All rows of ${showTable(context.before, table)} are written anew while nobody can read or write them`,
        object: `${showRelation(table)}.${name}`,
        relations: context.relations(context.effectOf(act).rewrites),
        at: value.sql,
        ...filledLater(act, value.sql, context),
      };
    },
  },
});
