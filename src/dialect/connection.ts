import type { AludelError } from "../error/error.js";
import type { DialectName } from "../schema/name.js";
import type { Description } from "./description.js";

export type Row = Readonly<Record<string, unknown>>;

/** What is at the other end. */
export interface Server {
  /** `PostgreSQL 18.4`, `PGlite (PostgreSQL 18.6)`, `SQLite 3.45.1`: for people. */
  readonly product: string;
  /** Comparable: 180004 for PostgreSQL 18.4 (`server_version_num`), 3045001 for SQLite 3.45.1. */
  readonly version: number;
}

/**
 * An open session. One at a time: a call waits for the one before. Errors of the database come as `AludelError`
 * (`sql-failed`, `connection-lost`, `permission-denied` …) with the statement in `where` and, in `data`, what the
 * database said: `sqlState`, `detail`, `hint`, `constraint`, `position`.
 */
export interface Connection {
  readonly dialect: DialectName;
  readonly server: Server;
  /** The URL, safe to print: no password. */
  readonly target: string;
  /** One statement with bound values (`Dialect.placeholder`). Resolves with its rows, none for a statement without. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Like `query`, for a question to the catalogue that is asked again and again in this session: where planning it costs
   * more than answering it, a session may keep the plan. Absent where that is not worth while.
   */
  readonly queryCatalogue?: (sql: string) => Promise<readonly Row[]>;
  /** A script of one or more statements without values, sent as it is in one round trip. Rows are thrown away. */
  run(script: string): Promise<void>;
  /**
   * How many rows INSERT, UPDATE, DELETE and MERGE of this session have changed so far, as the driver counts them; absent where it
   * does not say. What is rolled back afterwards stays counted.
   */
  readonly changedRows?: () => Promise<number>;
  /** What statements take and give, each by itself; what the engine refuses is its error. None of them is run. */
  describe(statements: readonly string[]): Promise<readonly (Description | AludelError)[]>;
  /** Calls `hear` with every message that the server sends beside its answers, until the function it gives is called. */
  readonly hear?: (hear: (message: string) => void) => () => void;
  /** Says whether the process is kept from ending by this session; absent where it never is. */
  readonly holdProcess?: (holds: boolean) => void;
  /**
   * Whether the server is at the other end of this very connection, with nothing in between that passes on what is said to
   * another machine (a tunnel, a proxy, a pooler); absent where there is no server.
   */
  readonly isDirect?: () => Promise<boolean>;
  /** Stops the running statement if the engine can; resolves when the request is made. */
  cancel(): Promise<void>;
  /** Ends the session. Safe to call twice, and after the connection was lost. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Relative file URLs are relative to this folder. */
  readonly directory: string;
  /** Shown to the server as `application_name` where it has one. */
  readonly applicationName?: string;
  /** Milliseconds until an unreachable server is given up; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** A file that does not exist is an error instead of a new database. */
  readonly mustExist?: boolean;
}
