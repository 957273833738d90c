import type { IndexKey } from "../../effect/syntax.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import { isThere } from "../added-column.js";
import { isAsserted } from "../asserted.js";
import type { StatementContext } from "../context.js";
import { askBefore, columnKey, noneAlike } from "../precheck.js";
import { isEmptied, isMended } from "../rows-before.js";
import { defineRule, type Say } from "../rule.js";

/** A key over some of the same columns proves that there are no two of a kind. */
function isProved(table: Relation, asked: readonly IndexKey[], context: StatementContext): boolean {
  return [...table.indexes].some((id) => {
    const index = context.before.relations.get(id)?.index;
    if (index?.unique !== true || index.where !== null) return false;
    return index.keys.every(({ column }) => column !== null && asked.some((key) => key.column === column));
  });
}

/** All rows have NULL in a column that the same unit has added and not filled. */
function isNull(table: Relation, column: string, context: StatementContext): boolean {
  const since = context.unit.statements[0]?.position ?? 0;
  const known = table.columns.get(column);
  if (known === undefined || known.bornAt === null || known.bornAt < since) return false;
  const filled = isMended(context.unit, table.id, column, context.statement.position);
  return known.default === null && known.identity === null && known.generated === null && !filled;
}

interface Unique {
  readonly table: ObjectName;
  readonly keys: readonly IndexKey[];
  readonly at: string;
  readonly nulls: "distinct" | "alike" | "refused";
  readonly where?: string | undefined;
  readonly concurrently?: boolean;
}

function say(unique: Unique, context: StatementContext): Say | undefined {
  const { keys, nulls, where = null } = unique;
  const columns = keys.flatMap(({ column, expression }) =>
    column === null ? (expression?.columns ?? []) : [column],
  );
  const table = context.existing(unique.table);
  if (table === undefined || columns.length === 0 || isProved(table, keys, context)) return undefined;
  if (isEmptied(context.unit, table.id, context.statement.position)) return undefined;
  if (keys.some(({ column }) => column !== null && isNull(table, column, context))) return undefined;
  if (isAsserted(table, columns, context)) return undefined;
  const asked = noneAlike({ table, name: unique.table, sql: context.sql }, { keys, where, nulls });
  const left = unique.concurrently === true ? ", and leaves an invalid index" : "";
  const shown = keys.map(({ column, expression }) => column ?? expression?.sql ?? "").join(", ");
  return {
    message: `It fails if two rows of ${showRelation(table)} have the same (${shown})${left}`,
    object: `${showRelation(table)}.(${shown})`,
    relations: [table],
    at: unique.at,
    precheck: asked,
    remedy: askBefore(asked),
  };
}

export const rule = defineRule({
  id: "unique-over-existing-rows",
  title: "Uniqueness of rows that are there already",
  why: "The first two rows that are alike make it fail where it is deployed, after all the time that the build took. A concurrent build leaves an invalid index behind.",
  remedy:
    "Look for rows that are alike before, and mend them. Let the code keep new ones from coming until the index is there.",
  severity: "info",
  group: "data-dependent",
  dialects: "all",
  small: "same",
  aliases: { atlas: ["MF101", "MF102"] },
  bad: [
    { inTransaction: false, sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_number ON orders (number);" },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);",
    },
    "CREATE UNIQUE INDEX orders_lower ON orders (lower(number));",
    { dialect: "sqlite", sql: "CREATE UNIQUE INDEX orders_number ON orders (number);" },
    {
      note: "all rows get the same value: it fails with the second row",
      sql: "ALTER TABLE orders ADD COLUMN code text DEFAULT 'none' UNIQUE;",
    },
  ],
  good: [
    {
      note: "the primary key proves it",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "CREATE UNIQUE INDEX orders_both ON orders (id, number);",
    },
    {
      note: "the run ends before, if the rows are not so",
      message: "numbers are unique",
      sql: `-- aludel:assert No two orders have the same number
SELECT number FROM orders GROUP BY number HAVING count(*) > 1;
CREATE UNIQUE INDEX orders_number ON orders (number);`,
    },
    {
      dialect: "sqlite",
      message: "numbers are unique",
      sql: `-- aludel:assert No two orders have the same number
SELECT number FROM orders GROUP BY number HAVING count(*) > 1;
CREATE UNIQUE INDEX orders_number ON orders (number);`,
    },
    {
      note: "the column is new, and NULL everywhere",
      sql: "ALTER TABLE orders ADD COLUMN code text; CREATE UNIQUE INDEX orders_code ON orders (code);",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (number text); CREATE UNIQUE INDEX orders_number ON orders (number);",
    },
  ],
  on: {
    "create-index": (act, context) => {
      if (!act.unique) return undefined;
      const { table, keys, concurrently } = act;
      const nulls = act.nullsNotDistinct ? "alike" : "distinct";
      return say({ table, keys, concurrently, nulls, where: act.where?.sql, at: "UNIQUE" }, context);
    },
    "add-constraint": (act, context) => {
      const key = act.constraint;
      if (key.kind !== "unique" && key.kind !== "primary-key") return undefined;
      if (key.usingIndex !== null || key.withoutOverlaps) return undefined;
      const keys = key.columns.map(columnKey);
      const alike = key.nullsNotDistinct ? "alike" : "distinct";
      return key.kind === "unique"
        ? say({ table: act.table, keys, at: "UNIQUE", nulls: alike }, context)
        : say({ table: act.table, keys, at: "PRIMARY KEY", nulls: "refused" }, context);
    },
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      const { constraints, default: value, name } = act.definition;
      const unique = constraints.some(({ kind }) => kind === "unique" || kind === "primary-key");
      if (table === undefined || !unique || isThere(act, table)) return undefined;
      if (value?.constant === undefined || value.constant === null) return undefined;
      return {
        message: `All rows of ${showRelation(table)} get the same ${name}: with two rows it fails`,
        object: `${showRelation(table)}.${name}`,
        relations: [table],
        at: "DEFAULT",
        severity: "error",
        remedy: "Add the column without a default, give each row a value of its own, then make it unique.",
      };
    },
  },
});
