import type { Analyse } from "../effect/statement.js";
import type { AludelError } from "../error/error.js";
import type { CastExpression } from "../op/apply.js";
import type { Op, OpKind } from "../op/op.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type {
  Column,
  ColumnType,
  Constraint,
  Defined,
  Expression,
  Index,
  ObjectKind,
  Policy,
  Schema,
  Sequence,
  Table,
  View,
} from "../schema/schema.js";
import type { Slot } from "../schema/slot.js";
import type { Activity } from "./activity.js";
import type { Ailment } from "./ailment.js";
import type { Backfilling } from "./backfill.js";
import type { Connection, ConnectOptions } from "./connection.js";
import type { Expansion, ExpansionContext, LongChange } from "./expansion.js";
import type { LaterColumns } from "./later-columns.js";
import type { Reading } from "./reads.js";
import type { Step } from "./step.js";
import type { Tracer } from "./tracer.js";

/** What an engine can do, as data: elsewhere nothing asks for an engine by its name. */
export interface Capabilities {
  readonly objects: Readonly<Record<ObjectKind, boolean>>;
  readonly comments: boolean;
  readonly rowSecurity: boolean;
  readonly materializedViews: boolean;
  /** A foreign key may be made before the table and the key that it points at. */
  readonly forwardReferences: boolean;
  /** A column that becomes NOT NULL and gets a new default in one op has it wherever it had NULL. */
  readonly fillsNulls: boolean;
  /** Names NOT NULLs and sequences of columns by itself, and keeps these names when the table is renamed. */
  readonly keepsNames: boolean;
  /** A column gets another collation as it gets another type: what uses it has to go before. */
  readonly collationIsType: boolean;
  /** Objects have privileges of their own, which are gone when they are dropped. */
  readonly grants: boolean;
  /** Several statements of DDL can be undone by a rollback. */
  readonly transactionalDdl: boolean;
  /** An inspection says what stands on what (`Schema.dependencies`). */
  readonly dependencies: boolean;
  /** The namespace that unqualified names go to is called this in a dump; for messages. */
  readonly defaultNamespace: string | null;
  /** The comment that it has unless somebody gives it another one. */
  readonly defaultNamespaceComment: string | null;
  /** Longest identifier, in bytes of UTF-8; `null` without a limit. */
  readonly identifierBytes: number | null;
}

/** Which part of a database is inspected. */
export interface Scope {
  /** Namespaces beside the default one; `all` is every namespace that is not the engine's own. */
  readonly namespaces: "all" | readonly string[];
  /** Namespaces that the other side of a comparison names: none of them may be the default one here. */
  readonly named?: readonly string[];
  /** Tables of Aludel's own, left out (version table, run log). */
  readonly ignoreTables: readonly ObjectName[];
  /** Who may do what is read, too; it is seldom the same in two environments. */
  readonly grants?: boolean;
}

/** An object of a database that a `Schema` has no record for. */
export interface Uninspected {
  /** For people: `partitioned table`, `function`, `trigger`, `virtual table` … */
  readonly kind: string;
  readonly name: ObjectName;
  /** The table that it belongs to, where it belongs to one. */
  readonly table: ObjectName | null;
}

/** What a compile function may look at. */
export interface CompileContext {
  /** The schema before the op; ask for it only in kinds that `needsSchema` names. */
  readonly before: Schema;
  /** Comparable server version as in `Server.version`; `null` when unknown (`--sql` without a server). */
  readonly serverVersion: number | null;
}

/** What an op may take for `CompileContext.before`; `false` when it does not look at it. */
export type SchemaNeed = false | "replayed" | "inspected";

export function schemaNeed({ needsSchema }: Pick<Dialect, "needsSchema">, op: Op): SchemaNeed {
  // The map gives each kind its own function; TypeScript loses the correlation between key and value.
  const need = needsSchema[op.kind] as SchemaNeed | ((op: Op) => SchemaNeed);
  return typeof need === "function" ? need(op) : need;
}

/** One statement of a script. */
export interface Statement {
  /** Without the terminating semicolon and surrounding white space and comments. */
  readonly sql: string;
  /** Line of its first character in the script, from 1. */
  readonly line: number;
  /** Offset of its first character in the script. */
  readonly start: number;
  readonly end: number;
  /**
   * `data`: reads or changes rows or settings, the schema stays · `definition`: changes the schema ·
   * `transaction`: BEGIN, COMMIT, ROLLBACK and the like · `unknown`: may do anything (DO, CALL).
   */
  readonly effect: "data" | "definition" | "transaction" | "unknown";
  /** False for what the engine refuses inside a transaction block. */
  readonly transactional: boolean;
  /** It can be in a transaction, and may be meant to be in none: a procedure that commits, a PRAGMA. */
  readonly prefersOutside?: boolean;
  /** How it is run again after a try that was cut off; absent where nothing is known. */
  readonly repeat?: Pick<Step, "leftover" | "done">;
}

/** Names of the tables that Aludel keeps in a database. */
export interface Bookkeeping {
  readonly versionTable: ObjectName;
  readonly runLogTable: ObjectName;
}

/** An exclusive right to migrate a database. */
export interface Lock {
  /** Gives it up. Never throws: it ends with the session at the latest, and what went wrong before is what counts. */
  release(): Promise<void>;
}

export interface LockOptions {
  readonly bookkeeping: Bookkeeping;
  /** Milliseconds to wait for another runner; 0 tries once. */
  readonly timeoutMs: number;
  /** Called once when it has to wait, with who holds the lock as a sentence for a person. */
  readonly onWait: (holder: string) => void;
}

/** Which database it is; a part is `null` where the engine has none, or does not say. */
export interface DatabaseIdentity {
  /** As in the URL. */
  readonly host: string | null;
  readonly database: string;
  /** Of the server's files. */
  readonly systemIdentifier: string | null;
}

/** How long the statements of a session wait; `null` leaves it as it is. */
export interface WaitSettings {
  /** Milliseconds for a lock that others hold; 0 is for ever. */
  readonly lockMs: number | null;
  /** Milliseconds for a statement as a whole; 0 is for ever. */
  readonly statementMs: number | null;
}

/** A query that was in the way. */
export interface Cancelled {
  /** Whose it is, and what it does, a sentence. */
  readonly session: string;
  /** Why it goes on all the same; `null` where it was cancelled. */
  readonly refused: string | null;
}

/** How statements wait for what other sessions hold. */
export interface Waiting {
  /** The statements that set it for a session; empty where there is nothing to set. */
  settings(settings: WaitSettings): string;
  /** A statement failed because others were in its way: after the rollback it can be tried again as it is. */
  gaveWay(error: AludelError): boolean;
  /** Whom a session waits for, a sentence each, asked through another one; absent where the engine does not know. */
  readonly holders?: {
    /** What `ask` is to be told of a session. */
    session(connection: Connection): Promise<string>;
    ask(beside: Connection, session: string): Promise<readonly string[]>;
    /**
     * Cancels queries that a session waits for and that have run for longer than so many milliseconds; their sessions stay. Absent:
     * nobody can.
     */
    cancel?(beside: Connection, session: string, olderThanMs: number): Promise<readonly Cancelled[]>;
  };
}

/** A column that gets another type. */
export interface TypeChange {
  /** As it was before. */
  readonly table: Table;
  readonly column: string;
  readonly from: ColumnType;
  readonly to: ColumnType;
}

/** A change of type that not every value survives. */
export interface Narrowing {
  /** True of rows that the new type refuses or changes, in the old names; `null` when no expression can tell. */
  readonly refuses: Expression | null;
}

/** How big a table is, as far as the server has counted. */
export interface TableSize {
  readonly schema: string;
  readonly table: string;
  /** -1 where it has not. */
  readonly rows: number;
  readonly bytes: number;
}

/** What somebody has to be allowed to do. */
export interface NeededPrivileges {
  /** These tables are altered, which only their owner may; such as are not there are left out. */
  readonly altered: readonly ObjectName[];
  /** Something is made in these namespaces; `null` is the default one. */
  readonly makesIn: readonly (string | null)[];
}

/** In bytes. */
export interface Room {
  readonly free: number;
  /** What the database takes up now. */
  readonly taken: number;
}

/** A throw-away database of the same engine. */
export interface Scratch {
  readonly connection: Connection;
  /** How it was made, for the report: `PGlite in memory`, `temporary database on localhost`. */
  readonly description: string;
  /** Opens another session on the same database, which the caller closes; absent where there is only one. */
  readonly another?: () => Promise<Connection>;
  /** Closes the connection and removes the database. */
  dispose(): Promise<void>;
}

export interface ScratchOptions {
  /** From the configuration: a URL whose server may be given a temporary database; `null` leaves it to the dialect. */
  readonly url: string | null;
  /** URL of the environment in use, for choosing a scratch database near to it; `null` when there is none. */
  readonly environmentUrl: string | null;
  readonly directory: string;
}

/** Namespaces that are databases of their own to who uses them: a session's names lead to one. */
export interface Namespaces {
  /** The URL of a session whose names lead to this one as long as it lives. */
  url(url: string, namespace: string): string;
  /** The URL of a session that is led from one to the next, and whose names lead nowhere of themselves. */
  sharedUrl(url: string): string;
  /** Makes such a session as good as new, outside a transaction, and leads its names to this one. */
  enter(connection: Connection, namespace: string): Promise<void>;
  /** Whether a revision with this text may undo where the names lead. */
  isUndoneBy(text: string): boolean;
  /** Where names without a namespace lead in a session. One round trip. */
  home(connection: Connection, table: ObjectName): Promise<Home>;
  /** Whether they may lead elsewhere once this statement has run. */
  mayMoveHome(sql: string): boolean;
  /** Tells a person how to make them lead to this one. */
  sayHome(namespace: string): string;
}

/** Where names without a namespace lead in a session. */
export interface Home {
  /** What is made without one is made here; `null` where it cannot be made. */
  readonly namespace: string | null;
  /** Where the table is that was asked about, if its name leads to one. */
  readonly ofTable: string | null;
  /** The setting that they follow and its value, for people: `search_path: app, public`. */
  readonly path: string;
}

/**
 * A dialect is only its differences.
 *
 * Every function is pure unless it takes a `Connection` or returns a promise.
 */
export interface Dialect {
  readonly name: DialectName;
  readonly can: Capabilities;

  /** Quotes an identifier, always: reserved words, upper case, quotes, spaces, Unicode. */
  quote(identifier: string): string;
  /** Quotes a possibly qualified name. */
  quoteName(name: ObjectName): string;
  /** SQL text of a value: strings, numbers, booleans, null, dates, bytes, and JSON for objects and arrays. */
  literal(value: unknown): Expression;
  /** True of two values that are not the same; NULL is a value like others. Any type will do. */
  differs(a: Expression, b: Expression): Expression;
  /** Placeholder of the n-th bound value, from 1: `$1`, `?`. */
  placeholder(position: number): string;

  /** Type text as a user or the catalogue writes it → parts, canonical. @throws AludelError `models-invalid`. */
  parseType(text: string): ColumnType;
  /** The inverse of `parseType`, quoted where needed. */
  formatType(type: ColumnType): string;
  /**
   * Makes a column's values values of another type, where the engine wants to be told how (`"age"::integer`).
   * Absent where a value takes the type of the column that it is put into.
   */
  readonly castExpression?: CastExpression;
  /** What values a change of type refuses or changes; `null` when there are none. `serverVersion` as in `Server.version`. */
  narrowing(change: TypeChange, serverVersion: number): Narrowing | null;
  /** True of a row of which the column, or an element of it, is the value of an enum; `null` without enums. */
  readonly holdsEnumValue: ((column: Column, value: string) => Expression) | null;

  /**
   * Brings what a person wrote to the form that inspection gives: canonical type names, the engine's default names
   * of constraints (marked `implicitName`), primary-key columns NOT NULL, defaults of the engine made null.
   * Idempotent. Does not touch the text of expressions.
   */
  readonly normalize: {
    schema(schema: Schema): Schema;
    table(table: Table): Table;
    column(column: Column): Column;
    constraint(table: ObjectName, constraint: Constraint): Constraint;
    index(index: Index): Index;
    sequence(sequence: Sequence): Sequence;
    view(view: View): View;
    policy(policy: Policy): Policy;
    type(type: ColumnType): ColumnType;
  };
  /**
   * True when a defined object can be put in the place of another of the same name without dropping it
   * (`CREATE OR REPLACE`), so that what stands on it stays. Absent: the engine replaces nothing.
   */
  canReplace?(from: Defined, to: Defined): boolean;
  /** The engine looks into the body when it makes the object, and refuses names that it does not find. */
  checksBody?(object: Defined): boolean;
  /** True when two texts of an expression are the same but for spelling that never has a meaning (white space, needless quotes). */
  sameExpression(a: Expression, b: Expression): boolean;

  /** Total: every op becomes statements, or `op-unsupported` is thrown with a remedy. */
  readonly compile: { readonly [K in OpKind]: (op: Op<K>, context: CompileContext) => readonly Step[] };
  /**
   * Which ops look at `CompileContext.before`: whether it may be what the ops make of an earlier inspection
   * (`replayed`), or has to be what the database says at that moment (`inspected`).
   */
  readonly needsSchema: { readonly [K in OpKind]: SchemaNeed | ((op: Op<K>) => SchemaNeed) };
  /** Gathers ops that are cheaper or only possible together (SQLite: all changes of one table in one rebuild). */
  arrange(ops: readonly Op[], before: Schema): readonly Op[];

  /**
   * The same ops in forms that keep others from reading and writing only for an instant, where the engine has such
   * forms; absent where it has none. Applied to `before` they give the same schema.
   */
  readonly safeForm?: (ops: readonly Op[], before: Schema) => readonly Op[];

  /**
   * The revisions that make a change while old and new code run side by side; a sentence says why there are none. Absent
   * where the engine is not shared by releases that overlap.
   */
  readonly expand?: (change: LongChange, context: ExpansionContext) => Expansion | string;

  /** Splits a script into statements as the engine would. @throws AludelError `sql-failed` with a line on text that cannot be split. */
  splitScript(script: string): Promise<readonly Statement[]>;

  /** Says of each statement of a history what it locks and does; absent where nothing is known of the engine's locks. */
  readonly analyse?: Analyse;
  /** Watches what statements really lock and do, in a scratch database; absent where there is nothing to be seen. */
  readonly openTracer?: (scratch: Pick<Scratch, "connection" | "another">) => Promise<Tracer>;

  /** Opens a transaction that will write. */
  readonly begin: string;
  /** The statement of a script that fails with the message when the query gives a row. */
  assertion(query: string, message: string): string;
  /** Lines that open a script for the engine's own shell (`psql`, `sqlite3`): stop at the first error. */
  readonly scriptHeader: readonly string[];
  /**
   * Brings the settings of a session back to what they were at its start, after a script that may have changed them
   * (the dumps of PostgreSQL empty `search_path`); `null` where no setting bears on what is inspected.
   */
  readonly sessionReset: string | null;
  /** Makes a session one that can only read, and in which no statement runs for longer than so many milliseconds. */
  readOnlySession(milliseconds: number): string;
  /** Names of the tables in the default namespace but these, in the order of an inspection, which asks a hundred times as much. */
  tableNames(connection: Connection, without: readonly ObjectName[]): Promise<readonly string[]>;
  /** The error says that a table is not there. */
  isMissingTable(error: AludelError): boolean;
  /** The error says that something a statement names is not there: a table, function, type, role, extension … */
  isMissingObject(error: AludelError): boolean;
  /**
   * Which of the types, as `formatType` writes them, the database does not know. Absent where every name of a type will
   * do.
   */
  unknownTypes?(connection: Connection, types: readonly string[]): Promise<readonly string[]>;
  /**
   * The error says that something is missing which another statement may still make: an object, a column, the key
   * that a foreign key points at.
   */
  isMissingPart(error: AludelError): boolean;
  /** Lets routines be made before what their bodies name is there; `null` where bodies are not looked at anyway. */
  readonly uncheckedBodies: string | null;
  /**
   * The settings of a session that bear on what a statement means (where unqualified names go to), as a script that
   * brings them back; `null` where there are none.
   */
  sessionSettings: ((connection: Connection) => Promise<string>) | null;
  /**
   * Engines that can do some steps (`Step.foreignKeysOff`) only with foreign keys switched off, outside a
   * transaction; `null` where that never happens. `violations` lists, a line each, the rows that point nowhere;
   * `check` is the statement of a script that fails when there are any.
   */
  readonly foreignKeySwitch: {
    readonly off: string;
    readonly on: string;
    violations(connection: Connection): Promise<readonly string[]>;
    readonly check: string;
  } | null;

  connect(url: string, options: ConnectOptions): Promise<Connection>;
  /** Absent: the engine has none. */
  readonly namespaces?: Namespaces;
  /** Reads the database in a constant number of queries. */
  inspect(connection: Connection, scope: Scope): Promise<Schema>;
  /** What `inspect` leaves out in the same scope, so that a command can name it: nothing is passed over in silence. */
  uninspected(connection: Connection, scope: Scope): Promise<readonly Uninspected[]>;
  /**
   * The slots in which `a` and `b` differ as text but mean the same to the engine, asked of the engine through
   * `connection` without leaving a trace. `undecided` are those it could not be asked about, with the reason. `support`
   * gives statements that make what the expressions speak of, where it is not in the database; asked only at need, and
   * undone with all the rest.
   */
  equivalent(
    connection: Connection,
    a: Schema,
    b: Schema,
    slots: readonly Slot[],
    support?: () => Promise<readonly string[]>,
  ): Promise<{ readonly same: ReadonlySet<Slot>; readonly undecided: ReadonlyMap<Slot, string> }>;

  /** The sizes of tables from the server's own statistics, in a transaction that only reads. Absent: it keeps none. */
  tableSizes?(connection: Connection): Promise<readonly TableSize[]>;
  /** What is wrong with the database, or soon will be, and that only the engine can tell. Absent: it has nothing to tell. */
  ailments?(connection: Connection, bookkeeping: Bookkeeping): Promise<readonly Ailment[]>;
  /** What goes on in the database at this moment; transactions that have been open for longer than so many milliseconds (5,000) are told of. Absent: the engine does not tell. */
  activity?(connection: Connection, longMs?: number): Promise<Activity>;
  /** What the session's user may not do of this, a sentence each. Absent: there are no users. */
  missingPrivileges?(connection: Connection, needed: NeededPrivileges): Promise<readonly string[]>;
  /** How the sessions of a URL show that something between them and the server swaps the server's processes; `null` where they do not. Absent: there is no server. */
  swapsSessions?(connection: Connection, openBeside: () => Promise<Connection>): Promise<string | null>;
  /** How much room there is for the database to grow. Absent: the engine does not tell. */
  room?(connection: Connection): Promise<Room | null>;

  /** The queries that the server has noted of this database, with placeholders for values. Absent: it notes none. */
  usedQueries?(connection: Connection): Promise<readonly string[]>;

  /** DDL of the version table and the run log, each with IF NOT EXISTS. */
  bookkeepingDdl(bookkeeping: Bookkeeping): readonly string[];
  readonly laterColumns: LaterColumns;
  /** A query for the names of a table's columns; no rows where it is not there. */
  columnNames(table: ObjectName): string;
  /** DDL of the table that says which seeds ran, each with IF NOT EXISTS. */
  seedTableDdl(table: ObjectName): readonly string[];
  readonly backfilling: Backfilling;
  /** DDL of the table that says what was deployed, each with IF NOT EXISTS. */
  deployTableDdl(table: ObjectName): readonly string[];
  /** DDL of the table that says which database this is and what was said of it, each with IF NOT EXISTS. */
  stateTableDdl(table: ObjectName): readonly string[];
  /** Counts how often tables and indexes are read. Absent: the engine does not. */
  readonly reads?: Reading;
  lock(connection: Connection, options: LockOptions): Promise<Lock>;
  readonly waiting: Waiting;
  identify(connection: Connection): Promise<DatabaseIdentity>;
  /** @throws AludelError `scratch-unavailable` with the ways to get one. */
  openScratch(options: ScratchOptions): Promise<Scratch>;
}
