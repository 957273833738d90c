import type { Row } from "../dialect/connection.js";
import type { BulkValue, Op } from "../op/op.js";
import type { DialectName } from "../schema/name.js";
import type { ColumnBuilder, TypeBuilder } from "./column-builder.js";
import type { ObjectCommentTarget, ObjectOperations } from "./object-operations.js";
import type {
  AlterColumnInput,
  BackfillInput,
  CheckInput,
  ConstraintInput,
  CreateIndexOptions,
  CreateTableOptions,
  ExcludeInput,
  ForeignKeyInput,
  IndexKeyInput,
  NameInput,
  PartitionOfInput,
  PolicyInput,
  PrimaryKeyInput,
  SequenceInput,
  TableOptionsInput,
  UniqueInput,
  UsingIndexInput,
  ViewColumnInput,
  ViewInput,
} from "./operation-input.js";
import type { Phase } from "./phase.js";
import type { SqlText } from "./sql-text.js";

export type * from "./object-input.js";
export type { ObjectCommentTarget, ObjectOperations, TypeOperations } from "./object-operations.js";
export type * from "./operation-input.js";

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
} & ObjectOperations & {
    /** The engine, to branch on: `if (op.dialect === "postgres") …`. */
    readonly dialect: DialectName;
    /** What was given with `-x key=value`. */
    readonly arguments: Readonly<Record<string, string>>;

    createSchema(
      name: string,
      options?: { readonly comment?: string; readonly ifNotExists?: boolean },
    ): Promise<void>;
    /** PostgreSQL: moves something to another schema, with all that belongs to it (SET SCHEMA); `null` is the default one. */
    setSchema(kind: Op<"set-namespace">["on"], name: NameInput, schema: string | null): Promise<void>;
    dropSchema(
      name: string,
      options?: { readonly ifExists?: boolean; readonly cascade?: boolean },
    ): Promise<void>;
    /** `comment` is another one than the extension's own; `null` takes that away. */
    createExtension(
      name: string,
      options?: {
        readonly schema?: string;
        readonly version?: string;
        readonly comment?: string | null;
        readonly ifNotExists?: boolean;
      },
    ): Promise<void>;
    dropExtension(name: string, options?: { readonly ifExists?: boolean }): Promise<void>;
    /** Its objects move with it. `version` cannot be undone: extensions have scripts to newer versions only. */
    alterExtension(
      name: string,
      changes: { readonly version?: string; readonly schema?: string | null },
    ): Promise<void>;

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
        /** PostgreSQL 15. */
        readonly unlogged?: boolean;
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
        readonly unlogged?: boolean;
      },
    ): Promise<void>;
    dropSequence(name: NameInput, options?: { readonly ifExists?: boolean }): Promise<void>;
    renameSequence(name: NameInput, to: string, options?: { readonly ifExists?: boolean }): Promise<void>;

    /** Columns in the order of the record; as pairs where a name looks like a number. */
    createTable(
      name: NameInput,
      columns: Readonly<Record<string, ColumnBuilder>> | readonly (readonly [string, ColumnBuilder])[],
      options?: CreateTableOptions,
    ): Promise<void>;
    dropTable(name: NameInput, options?: { readonly ifExists?: boolean }): Promise<void>;
    renameTable(name: NameInput, to: string, options?: { readonly ifExists?: boolean }): Promise<void>;
    /**
     * PostgreSQL: makes a table a partition (ALTER TABLE, ATTACH PARTITION).
     *
     *     await op.attachPartition("events_2026", {
     *       table: "events",
     *       bounds: sql`FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
     *     });
     */
    attachPartition(name: NameInput, partition: PartitionOfInput): Promise<void>;
    /** PostgreSQL: makes a partition a table of its own again; `concurrently` does not block queries. */
    detachPartition(name: NameInput, options?: { readonly concurrently?: boolean }): Promise<void>;
    /** PostgreSQL: sets the tables that a table inherits from, in order (ALTER TABLE, INHERIT); none for an empty list. */
    setInheritance(name: NameInput, inherits: readonly NameInput[]): Promise<void>;
    setRowSecurity(name: NameInput, rowSecurity: "off" | "enabled" | "forced"): Promise<void>;
    /** Several changes of one table at once; SQLite then rebuilds it once. */
    batchAlterTable(
      name: NameInput,
      changes: (table: TableOperations) => void | Promise<void>,
    ): Promise<void>;
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
    renameIndex(
      name: string,
      to: string,
      options: { readonly table: NameInput; readonly ifExists?: boolean },
    ): Promise<void>;
    /**
     * PostgreSQL: makes an index of a partition, or that of a constraint, a part of one of the partitioned table (ALTER
     * INDEX, ATTACH PARTITION).
     *
     *     await op.attachIndex("events_2026_at_idx", "events_at_idx", { table: "events_2026" });
     */
    attachIndex(name: string, to: NameInput, options: { readonly table: NameInput }): Promise<void>;

    createView(name: NameInput, view: ViewInput): Promise<void>;
    dropView(
      name: NameInput,
      options?: { readonly materialized?: boolean; readonly ifExists?: boolean },
    ): Promise<void>;
    renameView(
      name: NameInput,
      to: string,
      options?: { readonly materialized?: boolean; readonly ifExists?: boolean },
    ): Promise<void>;
    /** PostgreSQL: sets what a view's column has beyond the query, the whole of it; `null` takes all of it away. */
    alterViewColumn(
      name: NameInput,
      column: string,
      properties: ViewColumnInput | null,
      options?: { readonly materialized?: boolean },
    ): Promise<void>;

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
        | { readonly policy: string; readonly table: NameInput }
        | ObjectCommentTarget,
      comment: string | null,
    ): Promise<void>;

    /** SQL as it is. Values do not belong into the text: use `bulkInsert`, or `query` with parameters. */
    execute(sql: string | SqlText): Promise<void>;
    bulkInsert(table: NameInput, rows: readonly Readonly<Record<string, BulkValue>>[]): Promise<void>;
    /**
     * Changes rows of a table in batches, each in a transaction of its own, beside others who work with the table. A run
     * that was ended goes on where it was. `where` says which rows still need it, and must no longer fit a row that has
     * been written.
     *
     *     await op.backfill("persons", {
     *       set: { full_name: sql`first_name || ' ' || last_name` },
     *       where: sql`full_name IS NULL`,
     *     });
     */
    backfill(table: NameInput, input: BackfillInput): Promise<void>;
    /**
     * Goes on only if the query gives no row; else the run ends with `assertion-failed`, which counts and shows the rows.
     *
     *     await op.assert("Every order has a customer", sql`SELECT id FROM orders WHERE customer_id IS NULL`);
     */
    assert(message: string, query: string | SqlText): Promise<void>;
    /** Reads (or writes) with bound parameters and gives the rows. Has no answer where nothing is connected (`--sql`). */
    query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
    /** Runs what the function does outside the transaction; what came before is committed first. */
    autocommit(body: () => void | Promise<void>): Promise<void>;
    /** What came before is committed before anything that comes after: locks that it took are given back. */
    commit(): Promise<void>;
  };

/**
 * What the file of a repeatable revision exports by default: one that stands after the graph, and runs again in an upgrade
 * whenever its content has changed. What it does must be right when it was done before.
 */
export interface RepeatableDefinition {
  readonly id: string;
  readonly repeatable: true;
  readonly revises?: null;
  /** What has to be there before it runs; everything when nothing is named. */
  readonly dependsOn?: string | readonly string[];
  /** What it means for code that is deployed; found out from its statements when absent. */
  readonly phase?: Phase;
  /** What has to be everywhere before it runs: `"app@1.42"`. It is a contract then. */
  readonly waitsFor?: string | readonly string[];
  readonly upgrade: (op: Operations) => void | Promise<void>;
  /** Runs before a downgrade takes something back that it stands on. */
  readonly downgrade?: ((op: Operations) => void | Promise<void>) | string;
}

/** What a revision file exports by default. */
export interface RevisionDefinition {
  readonly id: string;
  readonly revises: string | readonly string[] | null;
  readonly dependsOn?: string | readonly string[];
  /** What it means for code that is deployed; found out from its statements when absent. */
  readonly phase?: Phase;
  /** What has to be everywhere before it runs: `"app@1.42"`. It is a contract then. */
  readonly waitsFor?: string | readonly string[];
  readonly labels?: string | readonly string[];
  readonly upgrade: (op: Operations) => void | Promise<void>;
  /** A string is the reason why there is no way back; `downgrade` then refuses with it. */
  readonly downgrade: ((op: Operations) => void | Promise<void>) | string;
}
