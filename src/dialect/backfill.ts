import { AludelError } from "../error/error.js";
import type { ComputedRows, Op } from "../op/op.js";
import type { ObjectName } from "../schema/name.js";
import type { Expression } from "../schema/schema.js";
import type { Connection, Row } from "./connection.js";

/** A place between two rows of a table, in the order in which they are walked through. */
export type Cursor = readonly string[];

/** A way through all rows of a table that can be gone part by part. */
export interface Walk {
  /** For a person: `primary key (id)`. */
  readonly by: string;
  /** How many rows there are, about; `null` where that is not known without counting them. */
  readonly rows: number | null;
  /** The place about so many rows after `after` (`null`: the start); `null` where none are left. */
  next(after: Cursor | null, rows: number): Promise<Cursor | null>;
  /** True of the rows after one place, up to and with the other. */
  range(after: Cursor | null, upTo: Cursor): Expression;
  /** What a person would call the rows that an expression fits: `id = 5`. */
  names(where: Expression, limit: number): Promise<readonly string[]>;
}

/** What was done to rows in a part of a table. */
export interface Changed {
  readonly written: number;
  /** Of these, those that the predicate still fits. */
  readonly again: number;
}

export type RowChange = Pick<Op<"backfill">, "table" | "set" | "where" | "computed">;

/** How an engine changes the rows of a table part by part. */
export interface Backfilling {
  /** DDL of the table that says how far they are, each with IF NOT EXISTS. */
  tableDdl(table: ObjectName): readonly string[];
  walk(connection: Connection, table: ObjectName): Promise<Walk>;
  /**
   * Changes the rows of a range that the predicate fits, in the transaction that is open. Where a function makes the values
   * (`RowChange.computed`), the rows are read and locked before it is called.
   */
  change(
    connection: Connection,
    change: RowChange,
    range: Expression,
    options: {
      /** False where `Changed.again` may be 0 without having been looked at: that costs a tenth of the time. */
      readonly asksAgain: boolean;
    },
  ): Promise<Changed>;
  /** The statements that follow the one which opens the transaction of a part: how long it waits for others. */
  limits(lockMs: number): string;
  /** How long a part is to take, and how long the table is left alone after it, in milliseconds. */
  readonly pace: { readonly partMs: number; readonly restMs: number };
  /**
   * Why a part failed. `busy`: others were in the way, or it took too long: it can be tried again, and better with fewer rows ·
   * `row`: there is a row that the change cannot be made to · `statement`: it would fail with any rows.
   */
  reason(error: AludelError): "busy" | "row" | "statement";
}

/**
 * What the function of a backfill makes of rows; of what was found in them it is given the columns that it reads.
 * @throws AludelError `revision-invalid` where that is not a value of each column for each row.
 */
export async function computeRows(
  { set, computed }: RowChange,
  found: readonly Row[],
): Promise<ComputedRows> {
  if (computed === undefined || found.length === 0) return [];
  const rows = found.map((row) => Object.fromEntries(computed.read.map((column) => [column, row[column]])));
  const made: unknown = await computed.compute(rows);
  if (!Array.isArray(made) || made.length !== rows.length) {
    const given = Array.isArray(made) ? `${made.length} records` : "no list";
    throw misfit(`gave ${given} for ${rows.length} rows`, "Give one record for each row, in their order.");
  }
  const columns = Object.keys(set).sort();
  for (const record of made) {
    const isRecord = typeof record === "object" && record !== null;
    const names = isRecord ? Object.keys(record).filter((name) => isValue(record[name])) : [];
    if (JSON.stringify(names.sort()) === JSON.stringify(columns)) continue;
    throw misfit(
      `gave a record of ${names.length === 0 ? "nothing" : names.join(", ")} for a row`,
      `Give a value of ${columns.join(", ")} for each row; null is one.`,
    );
  }
  return made;
}

function isValue(value: unknown): boolean {
  return !["undefined", "function", "symbol"].includes(typeof value);
}

function misfit(what: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", `The function of a backfill ${what}`, { remedy });
}

interface Quoting {
  quote(identifier: string): string;
  quoteName(name: ObjectName): string;
}

/** The list behind SET, and the predicate in parentheses. */
export function assignments(
  quote: Quoting["quote"],
  { set, where }: Pick<RowChange, "set" | "where">,
): { readonly set: string; readonly where: string } {
  // A comment at the end of a text must not swallow what follows it.
  const closed = (text: Expression) =>
    // The word is no expression.
    /^\s*default\s*$/i.test(text) ? "DEFAULT" : `(${text.includes("--") ? `${text}\n` : text})`;
  const list = Object.entries(set).map(([column, value]) => `${quote(column)} = ${closed(value)}`);
  return { set: list.join(", "), where: closed(where) };
}

/** The change as one statement; of all rows, or of those of a range. */
export function updateText(quoting: Quoting, change: RowChange, range: Expression | null = null): string {
  const { set, where } = assignments(quoting.quote, change);
  const rows = range === null ? where : `${range} AND ${where}`;
  return `UPDATE ${quoting.quoteName(change.table)} SET ${set} WHERE ${rows}`;
}
