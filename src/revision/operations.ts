import type { Row } from "../dialect/connection.js";
import type { BulkValue } from "../op/op.js";
import type { DialectName } from "../schema/name.js";
import type { ConflictResolution, Deferral, ForeignKeyAction, KeyOrdering } from "../schema/schema.js";
import type { ColumnBuilder, TypeBuilder } from "./column-builder.js";
import type { SqlText } from "./sql-text.js";

/** A table's name, or with its namespace: `"persons"`, `{ schema: "billing", name: "invoices" }`. */
export type NameInput = string | { readonly schema?: string; readonly name: string };

/** A default or other value: a plain value becomes a literal, an expression is written with `` sql`now()` ``. */
export type ValueInput = string | number | bigint | boolean | null | SqlText;

export interface ForeignKeyInput {
  readonly columns: readonly string[];
  readonly references: { readonly table: NameInput; readonly columns: readonly string[] };
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  readonly match?: "simple" | "full";
  readonly deferral?: Deferral;
  /** `true` for NOT VALID: old rows are not checked until `op.validateConstraint`. */
  readonly notValid?: boolean;
  readonly comment?: string;
}

export interface UniqueInput {
  readonly columns: readonly string[];
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
  readonly deferral?: Deferral;
  /** SQLite; ABORT when absent. */
  readonly onConflict?: ConflictResolution;
  /** SQLite: how the index under the key sorts, one for each column. */
  readonly orderings?: readonly KeyOrdering[];
  readonly comment?: string;
}

export interface CheckInput {
  readonly expression: SqlText;
  readonly noInherit?: boolean;
  readonly notValid?: boolean;
  readonly comment?: string;
}

/** A key of an index: a column's name, an expression, or either with order and operator class. */
export type IndexKeyInput =
  | string
  | SqlText
  | {
      readonly on: string | SqlText;
      readonly order?: "asc" | "desc";
      readonly nulls?: "first" | "last";
      readonly operatorClass?: string;
      readonly collation?: NameInput;
    };

export interface ExcludeInput {
  readonly using?: string;
  readonly elements: readonly { readonly key: IndexKeyInput; readonly with: string }[];
  readonly where?: SqlText;
  readonly deferral?: Deferral;
  readonly comment?: string;
}

export interface PrimaryKeyInput {
  readonly columns: readonly string[];
  readonly include?: readonly string[];
  readonly deferral?: Deferral;
  readonly autoincrement?: boolean;
  /** SQLite; ABORT when absent. */
  readonly onConflict?: ConflictResolution;
  /** SQLite: how the index under the key sorts, one for each column. */
  readonly orderings?: readonly KeyOrdering[];
  readonly comment?: string;
}

/** PostgreSQL: the unique index, there already, that a key takes over; it then has the name of the constraint. */
export interface UsingIndexInput {
  readonly usingIndex?: string;
}

export interface CreateTableOptions {
  /** Columns in order, or with a name of your own for the constraint. */
  readonly primaryKey?: readonly string[] | ({ readonly name?: string } & PrimaryKeyInput);
  /** By the constraint's name; SQLite also takes lists of unnamed ones under `unnamed`. */
  readonly foreignKeys?: Readonly<Record<string, ForeignKeyInput>>;
  readonly uniques?: Readonly<Record<string, readonly string[] | UniqueInput>>;
  readonly checks?: Readonly<Record<string, SqlText | CheckInput>>;
  readonly excludes?: Readonly<Record<string, ExcludeInput>>;
  readonly unnamed?: {
    readonly foreignKeys?: readonly ForeignKeyInput[];
    readonly uniques?: readonly UniqueInput[];
    readonly checks?: readonly CheckInput[];
  };
  readonly comment?: string;
  readonly rowSecurity?: "enabled" | "forced";
  readonly unlogged?: boolean;
  readonly tablespace?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly strict?: boolean;
  readonly withoutRowid?: boolean;
  readonly ifNotExists?: boolean;
}

export interface CreateIndexOptions {
  readonly unique?: boolean;
  readonly using?: string;
  readonly include?: readonly string[];
  readonly where?: SqlText;
  readonly nullsNotDistinct?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  /** PostgreSQL: built without blocking writes, outside the transaction. */
  readonly concurrently?: boolean;
  readonly comment?: string;
  readonly ifNotExists?: boolean;
}

/** `start`, `increment`… as numbers, or as text beyond 2^53. */
export interface SequenceInput {
  readonly start?: number | bigint | string;
  readonly increment?: number | bigint | string;
  readonly minimum?: number | bigint | string;
  readonly maximum?: number | bigint | string;
  readonly cache?: number | bigint | string;
  readonly cycle?: boolean;
}

/** SQLite: what a column's NOT NULL says beyond itself. */
export interface NotNullInput {
  readonly name?: string;
  readonly onConflict?: ConflictResolution;
}

export interface AlterColumnInput {
  readonly rename?: string;
  readonly type?: TypeBuilder;
  readonly using?: SqlText;
  readonly nullable?: boolean;
  /** `null` takes the default away. */
  readonly default?: ValueInput;
  readonly identity?: ({ readonly generation: "always" | "by-default" } & SequenceInput) | null;
  readonly generated?: { readonly as: SqlText; readonly storage?: "stored" | "virtual" } | null;
  readonly collation?: NameInput | null;
  /** SQLite: the name and the ON CONFLICT of NOT NULL; `null` takes both away. */
  readonly notNull?: NotNullInput | null;
  readonly comment?: string | null;
}

export interface ViewInput {
  readonly as: SqlText;
  /** Names of the columns, where the query does not give them. */
  readonly columns?: readonly string[];
  readonly materialized?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly withData?: boolean;
  readonly using?: string;
  readonly tablespace?: string;
  readonly comment?: string;
  readonly orReplace?: boolean;
}

export interface PolicyInput {
  readonly permissive?: boolean;
  readonly for?: "all" | "select" | "insert" | "update" | "delete";
  readonly to?: readonly string[];
  readonly using?: SqlText;
  readonly check?: SqlText;
  readonly comment?: string;
}

/** A constraint by what it is, for engines where it may have no name (SQLite). */
export type ConstraintInput =
  | { readonly primaryKey: readonly string[] | PrimaryKeyInput }
  | { readonly unique: readonly string[] | UniqueInput }
  | { readonly foreignKey: ForeignKeyInput }
  | { readonly check: SqlText | CheckInput }
  | { readonly exclude: ExcludeInput };

/** The options of a table that are neither columns nor constraints. */
export type TableOptionsInput = Pick<
  CreateTableOptions,
  "unlogged" | "tablespace" | "parameters" | "strict" | "withoutRowid"
>;

/** What can be done to one table; also what `op.batchAlterTable` hands to its function, there without the table. */
export interface TableOperations {
  addColumn(
    column: string,
    definition: ColumnBuilder,
    options?: { readonly ifNotExists?: boolean },
  ): Promise<void>;
  dropColumn(column: string, options?: { readonly ifExists?: boolean }): Promise<void>;
  renameColumn(column: string, to: string): Promise<void>;
  alterColumn(column: string, changes: AlterColumnInput): Promise<void>;
  createPrimaryKey(
    name: string | null,
    key: readonly string[] | (PrimaryKeyInput & UsingIndexInput),
  ): Promise<void>;
  createUniqueConstraint(
    name: string | null,
    unique: readonly string[] | (UniqueInput & UsingIndexInput),
  ): Promise<void>;
  createForeignKey(name: string | null, foreignKey: ForeignKeyInput): Promise<void>;
  createCheckConstraint(name: string | null, check: SqlText | CheckInput): Promise<void>;
  createExcludeConstraint(name: string, exclude: ExcludeInput): Promise<void>;
  /** By name; one without a name by what it is: `{ unique: ["email"] }`. */
  dropConstraint(
    constraint: string | ConstraintInput,
    options?: { readonly ifExists?: boolean },
  ): Promise<void>;
  renameConstraint(name: string, to: string): Promise<void>;
  /** Sets all options of a table that are not columns or constraints; absent ones go back to the default. */
  alterTableOptions(options: TableOptionsInput): Promise<void>;
  /** `null` takes the comment away. */
  setTableComment(comment: string | null): Promise<void>;
  setColumnComment(column: string, comment: string | null): Promise<void>;
  setConstraintComment(name: string, comment: string | null): Promise<void>;
}

type OnTable<F> = F extends (...rest: infer A) => Promise<void>
  ? (table: NameInput, ...rest: A) => Promise<void>
  : never;

/**
 * What a revision can do. Every call is queued in the order it is made and runs in that order; a forgotten `await`
 * neither reorders nor loses anything, and a call that fails makes the revision fail even if nobody looked.
 */
export type Operations = {
  /** The forms on any table: `op.addColumn("persons", "email", t.text())`. */
  readonly [K in keyof TableOperations]: OnTable<TableOperations[K]>;
} & {
  /** The engine, to branch on: `if (op.dialect === "postgres") …`. */
  readonly dialect: DialectName;
  /** What was given with `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;

  createSchema(
    name: string,
    options?: { readonly comment?: string; readonly ifNotExists?: boolean },
  ): Promise<void>;
  dropSchema(
    name: string,
    options?: { readonly ifExists?: boolean; readonly cascade?: boolean },
  ): Promise<void>;
  createExtension(
    name: string,
    options?: { readonly schema?: string; readonly version?: string; readonly ifNotExists?: boolean },
  ): Promise<void>;
  dropExtension(name: string, options?: { readonly ifExists?: boolean }): Promise<void>;

  createEnum(
    name: NameInput,
    values: readonly string[],
    options?: { readonly comment?: string },
  ): Promise<void>;
  dropEnum(name: NameInput, options?: { readonly ifExists?: boolean }): Promise<void>;
  renameEnum(name: NameInput, to: string): Promise<void>;
  addEnumValue(
    name: NameInput,
    value: string,
    options?: { readonly before?: string; readonly after?: string; readonly ifNotExists?: boolean },
  ): Promise<void>;
  renameEnumValue(name: NameInput, from: string, to: string): Promise<void>;
  /** Makes the enum anew; `mapping` says what rows that hold a vanished value become. */
  replaceEnumValues(
    name: NameInput,
    values: readonly string[],
    options?: { readonly mapping?: Readonly<Record<string, string>> },
  ): Promise<void>;

  createSequence(
    name: NameInput,
    options?: SequenceInput & {
      readonly type?: TypeBuilder;
      readonly ownedBy?: { readonly table: NameInput; readonly column: string };
      readonly comment?: string;
      readonly ifNotExists?: boolean;
    },
  ): Promise<void>;
  /** Sets the whole definition: what is not given goes back to the engine's default. */
  alterSequence(
    name: NameInput,
    options: SequenceInput & {
      readonly type?: TypeBuilder;
      readonly ownedBy?: { readonly table: NameInput; readonly column: string };
    },
  ): Promise<void>;
  dropSequence(name: NameInput, options?: { readonly ifExists?: boolean }): Promise<void>;
  renameSequence(name: NameInput, to: string): Promise<void>;

  /** Columns in the order of the record; as pairs where a name looks like a number. */
  createTable(
    name: NameInput,
    columns: Readonly<Record<string, ColumnBuilder>> | readonly (readonly [string, ColumnBuilder])[],
    options?: CreateTableOptions,
  ): Promise<void>;
  dropTable(name: NameInput, options?: { readonly ifExists?: boolean }): Promise<void>;
  renameTable(name: NameInput, to: string): Promise<void>;
  setRowSecurity(name: NameInput, rowSecurity: "off" | "enabled" | "forced"): Promise<void>;
  /** Several changes of one table at once; SQLite then rebuilds it once. */
  batchAlterTable(name: NameInput, changes: (table: TableOperations) => void | Promise<void>): Promise<void>;
  validateConstraint(table: NameInput, name: string): Promise<void>;

  createIndex(
    name: string,
    table: NameInput,
    keys: readonly IndexKeyInput[],
    options?: CreateIndexOptions,
  ): Promise<void>;
  dropIndex(
    name: string,
    options: { readonly table: NameInput; readonly concurrently?: boolean; readonly ifExists?: boolean },
  ): Promise<void>;
  renameIndex(name: string, to: string, options: { readonly table: NameInput }): Promise<void>;

  createView(name: NameInput, view: ViewInput): Promise<void>;
  dropView(
    name: NameInput,
    options?: { readonly materialized?: boolean; readonly ifExists?: boolean },
  ): Promise<void>;
  renameView(name: NameInput, to: string, options?: { readonly materialized?: boolean }): Promise<void>;

  createPolicy(name: string, table: NameInput, policy: PolicyInput): Promise<void>;
  dropPolicy(
    name: string,
    options: { readonly table: NameInput; readonly ifExists?: boolean },
  ): Promise<void>;

  /** Comments on what is neither table nor column. `null` takes the comment away. */
  setComment(
    target:
      | { readonly view: NameInput }
      | { readonly enum: NameInput }
      | { readonly sequence: NameInput }
      | { readonly schema: string }
      | { readonly constraint: string; readonly table: NameInput }
      | { readonly index: string; readonly table: NameInput }
      | { readonly policy: string; readonly table: NameInput },
    comment: string | null,
  ): Promise<void>;

  /** SQL as it is. Values do not belong into the text: use `bulkInsert`, or `query` with parameters. */
  execute(sql: string | SqlText): Promise<void>;
  bulkInsert(table: NameInput, rows: readonly Readonly<Record<string, BulkValue>>[]): Promise<void>;
  /** Reads (or writes) with bound parameters and gives the rows. Has no answer where nothing is connected (`--sql`). */
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
  /** Runs what the function does outside the transaction; what came before is committed first. */
  autocommit(body: () => void | Promise<void>): Promise<void>;
};

/** What a revision file exports by default. */
export interface RevisionDefinition {
  readonly id: string;
  readonly revises: string | readonly string[] | null;
  readonly dependsOn?: string | readonly string[];
  readonly labels?: string | readonly string[];
  readonly upgrade: (op: Operations) => void | Promise<void>;
  /** A string is the reason why there is no way back; `downgrade` then refuses with it. */
  readonly downgrade: ((op: Operations) => void | Promise<void>) | string;
}
