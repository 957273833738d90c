import { showRelation } from "../../effect/world.js";
import { rewriteCause } from "../added-column.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";
import { written, writtenName } from "../written.js";

export const rule = defineRule({
  id: "volatile-default",
  title: "ADD COLUMN with a default that differs from row to row",
  why: "A constant, and a function that is the same for the whole statement (`now()`), is kept once in the catalog. A volatile one (`gen_random_uuid()`, `random()`, `clock_timestamp()`, `nextval()`, a function of yours that is not said to be STABLE) is worked out for every row: all rows and indexes are written anew under an ACCESS EXCLUSIVE lock, and neither reads nor writes get through.",
  remedy:
    "Add the column without a default, then `ALTER COLUMN … SET DEFAULT`, which is for new rows alone. Fill the old rows in batches, each committed by itself, and make the column NOT NULL in the way that `set-not-null` says.",
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
      before: "CREATE FUNCTION next_number() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
      sql: "ALTER TABLE orders ADD COLUMN number integer NOT NULL DEFAULT next_number();",
    },
  ],
  good: [
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
      const { name, default: value, notNull } = act.definition;
      if (table === undefined || value === null || rewriteCause(act, context) !== "default") return undefined;
      const { sql } = context;
      const alter = `ALTER TABLE ${writtenName(act.table, sql)}`;
      const column = written(name, sql);
      const definition =
        act.parts === 1 &&
        act.definition.constraints.length === 0 &&
        !notNull &&
        act.definition.collation === null;
      const added = sql.replace(/\s+DEFAULT\s+[\s\S]*$/i, "");
      return {
        message: `All rows of ${showTable(context.before, table)} are written anew while nobody can read or write them`,
        object: `${showRelation(table)}.${name}`,
        relations: context.relations(context.effectOf(act).rewrites),
        at: value.sql,
        ...(definition
          ? { instead: [added, `${alter} ALTER COLUMN ${column} SET DEFAULT ${value.sql}`] }
          : {}),
      };
    },
  },
});
