import type { Computed } from "../op/op.js";
import type { ConflictResolution, Deferral, ForeignKeyAction, KeyOrdering } from "../schema/schema.js";
import type { OwnSequenceInput, TypeBuilder } from "./column-builder.js";
import type { NameInput, NotNullInput, SequenceInput, StorageInput, ValueInput } from "./column-input.js";
import type { SqlText } from "./sql-text.js";

export type { OwnSequenceInput } from "./column-builder.js";
export type {
  NameInput,
  NotNullInput,
  SequenceInput,
  StorageInput,
  ValueInput,
} from "./column-input.js";

export interface ForeignKeyInput {
  readonly columns: readonly string[];
  readonly references: { readonly table: NameInput; readonly columns: readonly string[] };
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  readonly match?: "simple" | "full";
  readonly deferral?: Deferral;
  /** `true` for NOT VALID: old rows are not checked until `op.validateConstraint`. */
  readonly notValid?: boolean;
  /** PostgreSQL 15: the columns that `onDelete` sets to null or to their defaults, where these are not all. */
  readonly setColumns?: readonly string[];
  /** PostgreSQL 18: `true` for NOT ENFORCED: it is written down and never checked. */
  readonly notEnforced?: boolean;
  /** PostgreSQL 18: the last column on both sides is a PERIOD. */
  readonly period?: boolean;
  readonly comment?: string;
  readonly inherited?: boolean;
}

/** PostgreSQL: the index under a constraint, where it is not what the engine makes (CREATE TABLE, "index_parameters"). */
export interface ConstraintIndexInput {
  /** Storage parameters: `{ fillfactor: "70" }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  /** Partitions: the constraint of the partitioned table that this one is a part of. */
  readonly attachedTo?: NameInput;
  /** On the index; `comment` of the constraint is on the constraint. */
  readonly comment?: string;
}

/** PostgreSQL: what a primary key and a unique constraint have in common. */
interface KeyInput {
  /** PostgreSQL 18: WITHOUT OVERLAPS on the last column. */
  readonly withoutOverlaps?: boolean;
  readonly index?: ConstraintIndexInput;
  /** PostgreSQL: it comes from a parent table, and has no declaration of its own. */
  readonly inherited?: boolean;
}

export interface UniqueInput extends KeyInput {
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
  /** PostgreSQL 18: `true` for NOT ENFORCED: it is written down and never checked. */
  readonly notEnforced?: boolean;
  readonly comment?: string;
  readonly inherited?: boolean;
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
      /** `{ siglen: "32" }` for `gist_trgm_ops`. */
      readonly operatorClassParameters?: Readonly<Record<string, string>>;
      readonly collation?: NameInput;
    };

export interface ExcludeInput {
  readonly using?: string;
  readonly elements: readonly { readonly key: IndexKeyInput; readonly with: string }[];
  readonly where?: SqlText;
  readonly deferral?: Deferral;
  readonly include?: readonly string[];
  readonly index?: ConstraintIndexInput;
  readonly comment?: string;
  readonly inherited?: boolean;
}

export interface PrimaryKeyInput extends KeyInput {
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

/**
 * PostgreSQL: what makes a table a partitioned one (CREATE TABLE, "PARTITION BY"): columns or expressions, in SQL:
 * `` { strategy: "range", keys: sql`created_at` } ``.
 */
export interface PartitionByInput {
  readonly strategy: "range" | "list" | "hash";
  readonly keys: SqlText;
}

/**
 * PostgreSQL: of which table a table is a partition, and of which rows (CREATE TABLE, "PARTITION OF"):
 * `` { table: "events", bounds: sql`FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')` } ``, `` sql`DEFAULT` ``.
 */
export interface PartitionOfInput {
  readonly table: NameInput;
  readonly bounds: SqlText;
}

/** PostgreSQL: `"full"`, `"nothing"` or an index; the primary key when absent (ALTER TABLE, REPLICA IDENTITY). */
export type ReplicaIdentityInput = "full" | "nothing" | { readonly index: string };

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
  /** PostgreSQL: the table access method. */
  readonly using?: string;
  readonly replicaIdentity?: ReplicaIdentityInput;
  /** PostgreSQL: the index that CLUSTER sorts by. */
  readonly clusterOn?: string;
  readonly partitionBy?: PartitionByInput;
  /** Its columns and constraints are given too, those of the partitioned table as `inherited`. */
  readonly partitionOf?: PartitionOfInput;
  /** PostgreSQL: the tables that it inherits from, in order. */
  readonly inherits?: readonly NameInput[];
  /** PostgreSQL: the composite type that the table is one of (`CREATE TABLE … OF`). */
  readonly ofType?: NameInput;
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
  readonly tablespace?: string;
  /** PostgreSQL: statistics targets of keys that are expressions, by their place from 1: `{ 2: 500 }`. */
  readonly statistics?: Readonly<Record<string, number>>;
  /** PostgreSQL: for the partitioned table alone (`ON ONLY`); valid once every partition's index is attached. */
  readonly only?: boolean;
  /** PostgreSQL: the index of the partitioned table that it is a part of. */
  readonly attachedTo?: NameInput;
  readonly comment?: string;
  readonly ifNotExists?: boolean;
}

export interface AlterColumnInput {
  readonly rename?: string;
  readonly type?: TypeBuilder;
  readonly using?: SqlText;
  readonly nullable?: boolean;
  /** `null` takes the default away. */
  readonly default?: ValueInput;
  readonly identity?:
    | ({
        readonly generation: "always" | "by-default";
        readonly ownSequence?: OwnSequenceInput;
      } & SequenceInput)
    | null;
  readonly generated?: { readonly as: SqlText; readonly storage?: "stored" | "virtual" } | null;
  readonly collation?: NameInput | null;
  /** What NOT NULL says beyond itself, the whole of it; `null` takes all of it away. */
  readonly notNull?: NotNullInput | null;
  /** PostgreSQL: the whole of how it is stored; `null` is what its type has. */
  readonly storage?: StorageInput | null;
  /** PostgreSQL: the sequence behind a serial column; `null` is what the engine makes. */
  readonly ownSequence?: OwnSequenceInput | null;
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
  /** PostgreSQL: what its columns have beyond the query, by their names. */
  readonly columnProperties?: Readonly<Record<string, ViewColumnInput>>;
  readonly replicaIdentity?: ReplicaIdentityInput;
  /** PostgreSQL, materialised only: the index that CLUSTER sorts by. */
  readonly clusterOn?: string;
  readonly orReplace?: boolean;
  /** Views of SQLite and materialised views of PostgreSQL. */
  readonly ifNotExists?: boolean;
}

/**
 * PostgreSQL: what a view's column has beyond the query. The default is that of rows which are inserted through the
 * view (ALTER VIEW); storage is for materialised views (ALTER MATERIALIZED VIEW).
 */
export interface ViewColumnInput {
  readonly default?: ValueInput;
  readonly comment?: string;
  readonly storage?: StorageInput;
}

/** What a backfill does to which rows. */
export type BackfillInput = (BackfillValues | BackfillFunction) & BackfillRows;

/** Values, or SQL about the row: the database makes them. */
export interface BackfillValues {
  /** What the columns are to have. */
  readonly set: Readonly<Record<string, ValueInput>>;
}

/** A function makes the values, of as many rows as are changed at a time. */
export interface BackfillFunction {
  /** The columns that the function is given of each row, as the driver reads them. */
  readonly read: readonly string[];
  /** The columns that it makes values for. */
  readonly write: readonly string[];
  /**
   * Gives one record for each row, in their order, with a value for every column of `write`. The rows are locked meanwhile,
   * and it may be called again for rows that could not be written.
   */
  readonly compute: Computed["compute"];
}

export interface BackfillRows {
  /** Which rows still need it. It must no longer fit a row that has been written. */
  readonly where: SqlText;
  /** The most rows of one transaction; without it as many as can be written in a short time. */
  readonly batchSize?: number;
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
  | "unlogged"
  | "tablespace"
  | "parameters"
  | "strict"
  | "withoutRowid"
  | "using"
  | "replicaIdentity"
  | "clusterOn"
>;
