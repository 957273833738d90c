import type { ConstraintDefinition, Expression, IndexKey } from "../effect/syntax.js";
import type { Constraint, Relation } from "../effect/world.js";
import type { ObjectName } from "../schema/name.js";
import { written, writtenList, writtenName } from "./written.js";

/** What the rows can be asked before a statement that fails where they are not as it needs them. */
export interface Precheck {
  /** What should be so, on one line. */
  readonly message: string;
  /** Gives the rows that are not. */
  readonly sql: string;
  readonly expect: "no rows";
}

export function precheck(message: string, sql: string): Precheck {
  return { message: message.replace(/\s+/g, " "), sql, expect: "no rows" };
}

/** For a remedy. */
export function askBefore({ sql }: Precheck): string {
  return `Ask before: \`${sql}\` has to give no row.`;
}

/** Where a question is about, and how the statement spells names. */
export interface Asked {
  readonly table: Relation;
  /** As the statement has it. */
  readonly name: ObjectName;
  readonly sql: string;
}

/** The primary key, as far as it is known, and the columns that it is about: they name a row. */
function shown(table: Relation, columns: readonly string[]): readonly string[] {
  const keys = [...table.constraints.values()].flatMap((one) =>
    one.kind === "primary-key" ? one.columns : [],
  );
  return [...new Set([...keys, ...columns])];
}

/** Rows of which a condition is true. */
export function rowsWhere(
  { table, name, sql }: Asked,
  columns: readonly string[],
  condition: string,
): string {
  const list = shown(table, columns);
  return `SELECT ${list.length === 0 ? "*" : writtenList(list, sql)} FROM ${writtenName(name, sql)} WHERE ${condition}`;
}

export function noNull(asked: Asked, column: string): Precheck {
  return noNulls(asked, [column]);
}

export function noNulls(asked: Asked, columns: readonly string[]): Precheck {
  const condition = columns.map((column) => `${written(column, asked.sql)} IS NULL`).join(" OR ");
  return precheck(
    `No row of ${asked.table.name} has NULL in ${columns.join(" or ")}`,
    rowsWhere(asked, columns, condition),
  );
}

/** For what no row at all can stand. */
export function noRow({ table, name, sql }: Asked): Precheck {
  const keys = shown(table, []);
  const list = keys.length === 0 ? "*" : writtenList(keys, sql);
  return precheck(`${table.name} has no row`, `SELECT ${list} FROM ${writtenName(name, sql)} LIMIT 1`);
}

interface Unique {
  /** Columns, or expressions. */
  readonly keys: readonly IndexKey[];
  readonly where: string | null;
  /** Whether NULL may be there more than once. */
  readonly nulls: "distinct" | "alike" | "refused";
}

export function noneAlike({ table, name, sql }: Asked, { keys, where, nulls }: Unique): Precheck {
  const texts = keys.map(({ column, expression }) =>
    column === null ? `(${expression?.sql ?? "NULL"})` : written(column, sql),
  );
  const list = texts.join(", ");
  const mayBeNull = keys.flatMap(({ column }, at) =>
    column !== null && table.columns.get(column)?.notNull === true ? [] : [texts[at] ?? ""],
  );
  const filled = nulls === "distinct" ? mayBeNull.map((text) => `${text} IS NOT NULL`) : [];
  const conditions = [...(where === null ? [] : [`(${where})`]), ...filled];
  const filter = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const orNull = nulls === "refused" ? mayBeNull.map((text) => ` OR ${text} IS NULL`).join("") : "";
  const of = keys.map(({ column, expression }) => column ?? expression?.sql ?? "").join(", ");
  return precheck(
    `No two rows of ${table.name} have the same (${of})${orNull === "" ? "" : ", and none has NULL there"}`,
    `SELECT ${list}, count(*) FROM ${writtenName(name, sql)}${filter} GROUP BY ${list} HAVING count(*) > 1${orNull}`,
  );
}

export function holdsEverywhere(asked: Asked, check: Expression, label: string): Precheck {
  const columns = [...new Set(check.columns)];
  return precheck(
    `Every row of ${asked.table.name} passes ${label}`,
    rowsWhere(asked, columns, `NOT (${check.sql})`),
  );
}

interface Reference {
  readonly columns: readonly string[];
  readonly target: ObjectName;
  readonly targetColumns: readonly string[];
  readonly matchFull: boolean;
}

/** `null` where it is not known which columns are referred to. */
export function pointsSomewhere({ table, name, sql }: Asked, key: Reference): Precheck | null {
  const { columns, target, targetColumns, matchFull } = key;
  if (columns.length === 0 || columns.length !== targetColumns.length) return null;
  const own = (column: string) => `a.${written(column, sql)}`;
  const filled = columns.map((column) => `${own(column)} IS NOT NULL`).join(matchFull ? " OR " : " AND ");
  const same = columns.map((column, at) => `b.${written(targetColumns[at] ?? "", sql)} = ${own(column)}`);
  const exists = `SELECT 1 FROM ${writtenName(target, sql)} AS b WHERE ${same.join(" AND ")}`;
  const list = shown(table, columns).map(own).join(", ");
  return precheck(
    `Every (${columns.join(", ")}) of ${table.name} is in ${target.name}`,
    `SELECT ${list} FROM ${writtenName(name, sql)} AS a WHERE (${filled}) AND NOT EXISTS (${exists})`,
  );
}

type Exclusion = Pick<Extract<ConstraintDefinition, { readonly kind: "exclude" }>, "elements" | "where">;

/** `null` for expressions, which would need their columns' tables named. */
export function noneExcluded({ table, name, sql }: Asked, { elements, where }: Exclusion): Precheck | null {
  if (where !== null || elements.some(({ key }) => key.column === null)) return null;
  const columns = elements.flatMap(({ key }) => (key.column === null ? [] : [key.column]));
  const conflicts = elements.map(({ key, operator }) => {
    const column = written(key.column ?? "", sql);
    return `a.${column} ${operator} b.${column}`;
  });
  const list = shown(table, columns).map((column) => `a.${written(column, sql)}`);
  const on = writtenName(name, sql);
  return precheck(
    `No two rows of ${table.name} exclude each other by (${columns.join(", ")})`,
    `SELECT ${list.join(", ")} FROM ${on} AS a JOIN ${on} AS b ON (a.tableoid, a.ctid) < (b.tableoid, b.ctid) AND ${conflicts.join(" AND ")}`,
  );
}

/** What a constraint that is to hold for all rows asks of them; `null` where no query can tell. */
export function precheckOf(asked: Asked, constraint: Constraint): Precheck | null {
  switch (constraint.kind) {
    case "check":
      return holdsEverywhere(asked, constraint.expression, constraint.name);
    case "not-null":
      return noNull(asked, constraint.column);
    case "foreign-key":
      return pointsSomewhere(asked, { ...constraint, targetColumns: constraint.keyColumns });
    case "exclude":
      return noneExcluded(asked, constraint);
    case "primary-key":
    case "unique":
      return noneAlike(asked, {
        keys: constraint.columns.map(columnKey),
        where: null,
        nulls:
          constraint.kind === "primary-key" ? "refused" : constraint.nullsNotDistinct ? "alike" : "distinct",
      });
  }
}

export function columnKey(column: string): IndexKey {
  const plain = {
    expression: null,
    collation: null,
    operatorClass: null,
    descending: false,
    nullsFirst: null,
  };
  return { column, ...plain };
}
