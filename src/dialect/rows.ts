import type { AludelError } from "../error/error.js";
import type { Column, Expression, Schema, Table } from "../schema/schema.js";
import type { Connection } from "./connection.js";

/** What a column can be given, as SQL literals. */
export interface Values {
  /** The n-th ordinary value, from 0; different for every n as far as the type has so many. */
  readonly ordinary: (n: number) => Expression;
  /** At the limits of the type, and what is often handled wrongly: quotes, no characters at all, the greatest number. */
  readonly odd: readonly Expression[];
  /** Of many shapes, for conditions that refuse the ordinary ones. */
  readonly pool: readonly Expression[];
  /** What a constant of a condition says, if the type can have it. */
  readonly constant: (text: string) => Expression | null;
  /** Values of this length: characters of a text, members of an array. */
  readonly ofLength: (length: number) => readonly Expression[];
  /** The engine makes the value itself (identity, serial, rowid); it is given only where it has to be known before. */
  readonly isMadeByEngine: boolean;
  /** The type itself refuses NULL, whatever the column says. */
  readonly refusesNull: boolean;
  /** The type as a literal is cast to where no column gives it one; `null` where literals have theirs. */
  readonly cast: string | null;
}

/** The columns that rows have something in. One that is computed when it is read may even be one that cannot be read. */
export function storedColumns({ columns }: Table): readonly Column[] {
  return columns.filter(({ generated }) => generated?.storage !== "virtual");
}

/** What kind of rule a row broke, as far as the engine says. */
export type RefusalKind = "null" | "duplicate" | "check" | "reference" | "unfit" | "partition";

/** Why the engine does not take a row or a change because of what is in the rows. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** Name of the constraint or index; `null` where the engine does not say it. */
  readonly constraint: string | null;
  readonly table: string | null;
  /** Columns that the engine names. */
  readonly columns: readonly string[];
  /** It was found when all was done, and not by the statement that came last. */
  readonly isLate: boolean;
}

/** What a dialect knows about making, reading and taking out rows, for the proof. */
export interface RowDialect {
  /** Finds out about the types of a schema; the function answers `null` where no value of a column is known. */
  valuesOf(connection: Connection, schema: Schema): Promise<(table: Table, column: Column) => Values | null>;
  /** One statement for all of `rows`; `first` counts the rows that the table was given before. */
  insert(
    table: Table,
    columns: readonly string[],
    rows: readonly (readonly Expression[])[],
    first: number,
  ): string;
  /** Gives the columns of each row that are stored as text or NULL, under the names `c0`, `c1` … */
  read(table: Table): { readonly sql: string; readonly columns: readonly string[] };
  /** What was read, as a literal. */
  readLiteral(text: string | null): Expression;
  /** Makes a column's values text for reading. */
  asText(column: string): Expression;
  /** `null` when the error is not about what is in the rows. */
  refusal(error: AludelError): Refusal | null;
  /** Around a fill: settings that make it quick. */
  readonly settings: { readonly before: string | null; readonly after: string | null };
  /** Around an insert whose triggers object; `null` where they cannot be put off. */
  readonly withoutTriggers: { readonly before: string; readonly after: string } | null;
  /** Around inserts whose foreign keys hold only at the end; `null` where nothing can put them off. */
  readonly deferred: { readonly before: string; readonly after: string; readonly undo: string };
  /** Takes the rows out of all of these tables. */
  empty(tables: readonly Table[]): string;
  /** How far the engine has counted: name of the sequence or table → the last number that it gave. */
  counters(connection: Connection): Promise<ReadonlyMap<string, bigint>>;
  /** Opens a transaction that sees no change of others until its end, and may write. */
  readonly beginSteady: string;
  /**
   * Called within such a transaction: what it gives tells the names of the tables that were written to since, in whichever
   * namespace and perhaps with others; `null` where only that some were can be told.
   */
  watchWrites(connection: Connection): Promise<() => Promise<readonly string[] | null>>;
  /** Run after a fill, so that the counters stand higher than any row. */
  advanceCounters(connection: Connection, tables: readonly Table[]): Promise<void>;
}
