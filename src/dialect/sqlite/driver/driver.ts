import type { Row } from "../../connection.js";
import type { ResultColumn } from "../../description.js";

/** What SQLite can be given: integers go as `bigint` so that no driver makes reals of them. */
export type Bound = string | number | bigint | null | Buffer;

/** A prepared statement. */
export interface Prepared {
  /** Runs it and gives its rows, none for a statement without. Integers are `bigint`. */
  all(values: readonly Bound[]): readonly Row[];
  /** The columns of its rows with their declared types, none for a statement without; `null` when the driver does not tell. */
  columns(): readonly ResultColumn[] | null;
}

/** An open database file, as small as Aludel needs it. All of it is synchronous, as SQLite is. */
export interface Database {
  prepare(sql: string): Prepared;
  /** Runs a script of any number of statements. */
  exec(script: string): void;
  /** Safe to call twice. */
  close(): void;
}

/** A package that has SQLite in it. */
export interface Driver {
  readonly name: string;
  /** Opens an absolute path or `:memory:`; a missing file is made. */
  open(path: string): Database;
}

/** Loads a driver; `null` when it is not there, a reason when it is there and cannot be used. */
export type LoadDriver = (directory: string) => Driver | { readonly unusable: string } | null;
