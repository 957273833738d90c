import type { ObjectName } from "../schema/name.js";
import type { LockMode } from "./lock.js";
import type { Call, Expression, Option, Query } from "./syntax.js";

/** What reads and changes rows. */
export interface DataActs {
  select: { readonly query: Query };
  insert: {
    readonly table: ObjectName;
    /** Empty when the statement names none. */
    readonly columns: readonly string[];
    /** Rows of VALUES; `null` for a query, 0 for DEFAULT VALUES. */
    readonly rows: number | null;
    readonly onConflict: "nothing" | "update" | null;
    readonly query: Query;
  };
  update: {
    readonly table: ObjectName;
    /** In the order of SET: a column that is set twice stands here twice. */
    readonly columns: readonly string[];
    readonly values: readonly Expression[];
    /** The WHERE as a condition; `null` without one. */
    readonly where: Expression | null;
    readonly query: Query;
  };
  delete: { readonly table: ObjectName; readonly where: Expression | null; readonly query: Query };
  merge: { readonly table: ObjectName; readonly query: Query };
  /** `rows` counts the lines of data that follow COPY FROM STDIN in the file. */
  copy: {
    readonly table: ObjectName | null;
    readonly columns: readonly string[];
    readonly direction: "from" | "to";
    readonly query: Query | null;
    readonly rows: number | null;
  };
  truncate: {
    readonly tables: readonly ObjectName[];
    readonly only: boolean;
    readonly cascade: boolean;
    readonly restartIdentity: boolean;
  };
  "lock-table": {
    readonly tables: readonly ObjectName[];
    readonly only: boolean;
    readonly mode: LockMode;
    readonly nowait: boolean;
  };
  vacuum: { readonly tables: readonly ObjectName[]; readonly full: boolean; readonly analyze: boolean };
  analyze: { readonly tables: readonly ObjectName[] };
  cluster: { readonly table: ObjectName | null; readonly index: string | null };
}

/** Transactions, settings, and what runs code. */
export interface SessionActs {
  begin: { readonly readOnly: boolean };
  commit: { readonly chain: boolean };
  rollback: { readonly chain: boolean };
  savepoint: { readonly change: "define" | "release" | "rollback"; readonly name: string };
  /** PREPARE TRANSACTION and its kin. */
  "prepared-transaction": { readonly change: "prepare" | "commit" | "rollback" };
  /** SET, SET LOCAL, RESET and set_config() of constants. `values` is empty for DEFAULT and RESET, `name` then `*` for ALL. */
  set: {
    readonly name: string;
    readonly values: readonly string[];
    readonly local: boolean;
  };
  "set-constraints": { readonly deferred: boolean; readonly names: readonly ObjectName[] };
  discard: { readonly all: boolean };
  /** DO. What is in it, as far as it can be read, is in `AnalysedStatement.inner`. */
  "do-block": { readonly language: string; readonly body: string };
  call: { readonly procedure: ObjectName; readonly call: Call };
  /** EXPLAIN ANALYZE runs its statement, which is the act that stands beside this one. */
  explain: { readonly runs: boolean };
  /** A command of psql: `\c`, `\i`, `\set` … */
  "meta-command": { readonly command: string; readonly argument: string };
  /** A statement that locks no relation and changes nothing that is looked at here; named by its command. */
  other: { readonly command: string; readonly options: readonly Option[]; readonly transaction: boolean };
  /**
   * What could not be understood: a syntax error, a statement of unknown kind, code that is put together when it runs.
   * Nothing may be concluded from it.
   */
  "not-analysed": {
    readonly why: "syntax" | "unknown-statement" | "dynamic" | "code" | "binary";
    /** For people, a sentence without its period. */
    readonly reason: string;
    /** The line of the source that a syntax error is in; `null` when it is all of the statement. */
    readonly line: number | null;
  };
}
