import type { Act } from "../../effect/act.js";
import { type Column, findType, type Relation, showRelation } from "../../effect/world.js";
import { isAsserted } from "../asserted.js";
import { columnBefore, showChange } from "../changed-type.js";
import type { StatementContext } from "../context.js";
import { narrowing } from "../narrowing.js";
import { askBefore, type Precheck, precheck, rowsWhere } from "../precheck.js";
import { defineRule, type Rule } from "../rule.js";
import { written } from "../written.js";

/** What the values can be asked; `null` where no query can tell. */
function fits(
  act: Act<"alter-type">,
  table: Relation,
  column: Column,
  context: StatementContext,
): Precheck | null {
  const own = act.type.builtIn ? null : findType(context.before, act.type);
  const name = written(act.column, context.sql);
  const condition =
    own?.kind === "enum"
      ? `${name}::text NOT IN (${own.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`
      : context.refusedBy(act.column, column.type, act.type);
  if (condition === null || act.type.dimensions > 0) return null;
  const asked = { table, name: act.table, sql: context.sql };
  return precheck(
    `Every ${act.column} of ${table.name} fits into ${act.type.name}`,
    rowsWhere(asked, [act.column], condition),
  );
}

export const rule: Rule = defineRule({
  id: "narrowing-type-change",
  title: "ALTER COLUMN … TYPE to one that not every value fits into",
  why: "A value that has no place in the new type makes the statement fail where it is deployed, or comes out changed: rounded, cut off, without its time of day. A later change back does not bring it back.",
  remedy:
    "Ask the data before which values do not fit, and decide what becomes of them. A column of the new type beside the old one keeps both until that is settled. Say that it is meant: `type-change: approved`.",
  severity: "warning",
  group: "data-dependent",
  dialects: ["postgres"],
  small: "same",
  tag: "type-change",
  aliases: { atlas: ["PG301"] },
  bad: [
    {
      before: "CREATE TABLE orders (id bigint, code text, total numeric(10,2), made_at timestamp);",
      sql: "ALTER TABLE orders ALTER COLUMN id TYPE integer;",
    },
    {
      note: "a cast cuts off without a word",
      before: "CREATE TABLE orders (code varchar(20));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(10) USING code::varchar(10);",
    },
    {
      before: "CREATE TABLE orders (total numeric(10,2));",
      sql: "ALTER TABLE orders ALTER COLUMN total TYPE numeric(10,1);",
    },
    {
      before: ["CREATE TYPE mood AS ENUM ('calm', 'cross');", "CREATE TABLE orders (mood text);"],
      sql: "ALTER TABLE orders ALTER COLUMN mood TYPE mood USING mood::mood;",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id integer, code varchar(10), total numeric(10,2), made_on date);",
      sql: `ALTER TABLE orders ALTER COLUMN id TYPE bigint, ALTER COLUMN code TYPE text,
  ALTER COLUMN total TYPE numeric(12,2), ALTER COLUMN made_on TYPE timestamp;`,
    },
    {
      note: "the run ends before, if a value does not fit",
      before: "CREATE TABLE orders (id bigint);",
      message: "smaller ids",
      sql: `-- aludel:assert Every id is an integer
SELECT id FROM orders WHERE id > 2147483647;
ALTER TABLE orders ALTER COLUMN id TYPE integer;`,
    },
    {
      note: "every text is one of the extension's",
      before: ["CREATE EXTENSION citext;", "CREATE TABLE orders (code text);"],
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE citext;",
    },
    {
      note: "the expression says what becomes of the values",
      before: "CREATE TABLE orders (code varchar(20));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(10) USING left(code, 10);",
    },
  ],
  on: {
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      const column = columnBefore(act, context.before);
      if (table === undefined || column === undefined) return undefined;
      if (act.using !== null && act.using.column !== act.column) return undefined;
      if (column.typeId !== null && column.type.dimensions === 0) return undefined;
      // A type of an extension may take every text (citext); only an enum or a domain of ours is known not to.
      const own = act.type.builtIn ? null : findType(context.before, act.type);
      const checked = own?.kind === "domain" && own.checks.size > 0;
      if (own !== null && own?.kind !== "enum" && !checked) return undefined;
      const cast = act.using?.castTo !== undefined;
      const found = narrowing(column.type, act.type, cast);
      if (found === null) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      if (isAsserted(table, [act.column], context)) return undefined;
      const change = showChange(act, context.before);
      const asked = fits(act, table, column, context);
      return {
        message:
          found === "refused"
            ? `It fails if a value of ${object} does not fit: ${change}`
            : `Values of ${object} that do not fit are changed without a word: ${change}`,
        object,
        relations: [table],
        at: "TYPE",
        ...(asked === null ? {} : { precheck: asked, remedy: `${askBefore(asked)} ${rule.remedy}` }),
      };
    },
  },
});
