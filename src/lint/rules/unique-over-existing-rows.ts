import { type Relation, showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import { isThere } from "../added-column.js";
import type { StatementContext } from "../context.js";
import { isEmptied, isMended } from "../rows-before.js";
import { defineRule, type Say } from "../rule.js";
import { writtenList, writtenName } from "../written.js";

/** A key over some of the same columns proves that there are no two of a kind. */
function isProved(table: Relation, columns: readonly string[], context: StatementContext): boolean {
  return table.indexes.some((id) => {
    const index = context.before.relations.get(id)?.index;
    if (index?.unique !== true || index.where !== null) return false;
    return index.keys.every(({ column }) => column !== null && columns.includes(column));
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
  readonly columns: readonly string[];
  readonly at: string;
  readonly where?: string | undefined;
  readonly concurrently?: boolean;
}

function say(unique: Unique, context: StatementContext): Say | undefined {
  const { columns } = unique;
  const table = context.existing(unique.table);
  if (table === undefined || columns.length === 0 || isProved(table, columns, context)) return undefined;
  if (isEmptied(context.unit, table.id, context.statement.position)) return undefined;
  if (columns.some((column) => isNull(table, column, context))) return undefined;
  const list = writtenList(columns, context.sql);
  const where = unique.where === undefined ? "" : ` WHERE ${unique.where}`;
  const question = `SELECT ${list}, count(*) FROM ${writtenName(unique.table, context.sql)}${where} GROUP BY ${list} HAVING count(*) > 1`;
  const left = unique.concurrently === true ? ", and leaves an invalid index" : "";
  return {
    message: `It fails if two rows of ${showRelation(table)} have the same (${columns.join(", ")})${left}`,
    object: `${showRelation(table)}.(${columns.join(", ")})`,
    relations: [table],
    at: unique.at,
    remedy: `Ask before: \`${question}\` has to give no row.`,
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
  dialects: ["postgres"],
  small: "same",
  aliases: { atlas: ["MF101", "MF102"] },
  bad: [
    { inTransaction: false, sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_number ON orders (number);" },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);",
    },
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
      const columns = act.keys.flatMap(({ column }) => (column === null ? [] : [column]));
      if (!act.unique || columns.length < act.keys.length) return undefined;
      const { table, concurrently } = act;
      return say({ table, columns, concurrently, where: act.where?.sql, at: "UNIQUE" }, context);
    },
    "add-constraint": (act, context) => {
      const key = act.constraint;
      if (key.kind !== "unique" && key.kind !== "primary-key") return undefined;
      if (key.usingIndex !== null || key.withoutOverlaps) return undefined;
      const at = key.kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
      return say({ table: act.table, columns: key.columns, at }, context);
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
