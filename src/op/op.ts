import type { DefinedName } from "../schema/address.js";
import type { ObjectName } from "../schema/name.js";
import type {
  Column,
  ColumnStorage,
  ColumnType,
  Composite,
  Constraint,
  Defined,
  Domain,
  Enum,
  Expression,
  Extension,
  Generated,
  Identity,
  Index,
  Namespace,
  NotNull,
  OwnSequence,
  Partition,
  Policy,
  Schema,
  SchemaDraft,
  Sequence,
  Table,
  TableOptions,
  View,
  ViewColumnProperties,
} from "../schema/schema.js";

/** What can carry a comment. `table` names the owner of a column, constraint, index or policy. */
export type CommentTarget =
  | {
      readonly on: "table" | "view" | "enum" | "sequence" | "domain" | "composite";
      readonly name: ObjectName;
    }
  | { readonly on: "namespace" | "extension"; readonly name: string }
  | { readonly on: "domain-check" | "attribute"; readonly table: ObjectName; readonly name: string }
  | { readonly on: "defined"; readonly object: DefinedName }
  | {
      readonly on: "column" | "constraint" | "index" | "policy";
      readonly table: ObjectName;
      readonly name: string;
    };

/** What an `alter-column` changes; a property that is absent stays as it is, `null` takes it away. */
export interface ColumnChanges {
  readonly type?: ColumnType;
  /** How old values become new ones (PostgreSQL `USING`); only together with `type`. */
  readonly using?: Expression;
  readonly nullable?: boolean;
  readonly default?: Expression | null;
  readonly identity?: Identity | null;
  readonly generated?: Generated | null;
  readonly collation?: ObjectName | null;
  /** What NOT NULL says beyond itself. */
  readonly notNull?: NotNull | null;
  /** PostgreSQL: the whole of how it is stored; `null` is the type's default. */
  readonly storage?: ColumnStorage | null;
  /** PostgreSQL: the sequence behind a `serial` column. */
  readonly own?: OwnSequence | null;
}

/** A function of the revision's that makes the values of rows. */
export interface Computed {
  /** The columns that it is given. */
  readonly read: readonly string[];
  /** One record of values for each row that it is given, in their order. */
  readonly compute: (
    rows: readonly Readonly<Record<string, unknown>>[],
  ) => ComputedRows | Promise<ComputedRows>;
}
export type ComputedRows = readonly Readonly<Record<string, BulkValue>>[];

/** A value of a row in `bulk-insert`: what JSON can hold, and bytes and dates. */
export type BulkValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly unknown[]
  | object;

/** What becomes of an extension; an absent property stays as it is. */
export interface ExtensionChanges {
  readonly version?: string;
  /** `null` is the default one. */
  readonly namespace?: string | null;
}

/**
 * Every change that can be made to a schema, one row per kind. Plain data: nothing here knows SQL. `if-exists`
 * and `if-not-exists` forms are the optional flags of the same op.
 */
export interface Ops {
  "create-namespace": { readonly namespace: Namespace; readonly ifNotExists?: true };
  "drop-namespace": { readonly name: string; readonly ifExists?: true; readonly cascade?: true };
  /** PostgreSQL: what has a name moves to another namespace, and takes along what belongs to it; `null` is the default one. */
  "set-namespace": {
    readonly on: "table" | "view" | "materialized-view" | "sequence" | "enum" | "domain" | "composite";
    readonly name: ObjectName;
    readonly to: string | null;
  };
  "create-extension": { readonly extension: Extension; readonly ifNotExists?: true };
  "drop-extension": { readonly name: string; readonly ifExists?: true };
  /** The objects of an extension move with it. Only few have a way back to an older version. */
  "alter-extension": { readonly name: string; readonly changes: ExtensionChanges };

  "create-enum": { readonly enum: Enum };
  "drop-enum": { readonly name: ObjectName; readonly ifExists?: true };
  "rename-enum": { readonly name: ObjectName; readonly to: string };
  "add-enum-value": {
    readonly name: ObjectName;
    readonly value: string;
    /** The new value goes before or after this one; at the end when absent. */
    readonly position?: { readonly before: string } | { readonly after: string };
    readonly ifNotExists?: true;
  };
  "rename-enum-value": { readonly name: ObjectName; readonly from: string; readonly to: string };
  /**
   * Makes the enum anew with these values (some are gone, or the order is another one) and moves every column
   * over. `mapping` says what becomes of rows that hold a value that is gone; without it such a row is an error.
   */
  "replace-enum-values": {
    readonly name: ObjectName;
    readonly values: readonly string[];
    readonly mapping?: Readonly<Record<string, string>>;
  };

  "create-domain": { readonly domain: Domain };
  "drop-domain": { readonly name: ObjectName; readonly ifExists?: true };
  "rename-domain": { readonly name: ObjectName; readonly to: string };
  /** `domain` is the whole of what it shall be, except for comments; its name, type and collation are unchanged. */
  "alter-domain": { readonly domain: Domain };

  "create-composite": { readonly composite: Composite };
  "drop-composite": { readonly name: ObjectName; readonly ifExists?: true };
  "rename-composite": { readonly name: ObjectName; readonly to: string };
  /**
   * `composite` is the whole of what it shall be, except for comments; the name is unchanged. Attributes are added at
   * the end, dropped, and change their types; `renames` are of attributes, and come first.
   */
  "alter-composite": {
    readonly composite: Composite;
    readonly renames?: readonly { readonly attribute: string; readonly to: string }[];
  };

  /** `object.comment` is set with it. `unchecked`: the body may name what does not exist yet. */
  "create-defined": { readonly object: Defined; readonly unchecked?: true };
  "drop-defined": { readonly object: DefinedName; readonly ifExists?: true };
  /** Puts another definition in the place of one of the same name and signature, without dropping it. */
  "replace-defined": { readonly object: Defined; readonly unchecked?: true };

  "create-sequence": { readonly sequence: Sequence; readonly ifNotExists?: true };
  "drop-sequence": { readonly name: ObjectName; readonly ifExists?: true };
  "rename-sequence": { readonly name: ObjectName; readonly to: string; readonly ifExists?: true };
  /** `sequence` is the whole of what it shall be, except for the comment; the name is unchanged. */
  "alter-sequence": { readonly sequence: Sequence };

  /** The table with its columns and constraints. Its `indexes` and `policies` are empty: they are ops of their own. */
  "create-table": { readonly table: Table; readonly ifNotExists?: true };
  "drop-table": { readonly name: ObjectName; readonly ifExists?: true };
  "rename-table": { readonly name: ObjectName; readonly to: string; readonly ifExists?: true };
  /** `name` may also name a materialised view, of which only replica identity and clustering are looked at. */
  "alter-table-options": { readonly name: ObjectName; readonly options: TableOptions };
  /** Makes an existing table a partition; `partition` says of which and with which bounds. */
  "attach-partition": { readonly name: ObjectName; readonly partition: Partition };
  /** The table stays, on its own. */
  "detach-partition": { readonly name: ObjectName; readonly concurrently?: true };
  /** The parents it shall inherit from, in order. */
  "set-inheritance": { readonly name: ObjectName; readonly inherits: readonly ObjectName[] };
  "set-row-security": { readonly name: ObjectName; readonly rowSecurity: Table["rowSecurity"] };
  /** Several changes to one table that are carried out together: in one rebuild where the engine needs one. */
  "batch-alter-table": { readonly name: ObjectName; readonly ops: readonly TableOp[] };

  "add-column": { readonly table: ObjectName; readonly column: Column; readonly ifNotExists?: true };
  "drop-column": { readonly table: ObjectName; readonly column: string; readonly ifExists?: true };
  "rename-column": { readonly table: ObjectName; readonly column: string; readonly to: string };
  "alter-column": { readonly table: ObjectName; readonly column: string; readonly changes: ColumnChanges };

  /** PostgreSQL: a key may take over an index that is there, `usingIndex`; it then has the constraint's name. */
  "add-constraint": {
    readonly table: ObjectName;
    readonly constraint: Constraint;
    readonly usingIndex?: string;
  };
  /** By name; a constraint without one (SQLite) is given by what it is. */
  "drop-constraint": {
    readonly table: ObjectName;
    readonly constraint: string | Constraint;
    readonly ifExists?: true;
  };
  "rename-constraint": { readonly table: ObjectName; readonly constraint: string; readonly to: string };
  "validate-constraint": { readonly table: ObjectName; readonly constraint: string };

  /** `table` may also name a materialised view. */
  "create-index": {
    readonly table: ObjectName;
    readonly index: Index;
    readonly concurrently?: true;
    readonly ifNotExists?: true;
  };
  "drop-index": {
    readonly table: ObjectName;
    readonly index: string;
    readonly concurrently?: true;
    readonly ifExists?: true;
  };
  "rename-index": {
    readonly table: ObjectName;
    readonly index: string;
    readonly to: string;
    readonly ifExists?: true;
  };

  /** Partitions: makes an index (or the index of a constraint) part of one of the partitioned table's. */
  "attach-index": { readonly table: ObjectName; readonly index: string; readonly to: ObjectName };

  /** `sameColumns`: the view that it replaces has the same columns, so that the way back replaces it, too. */
  "create-view": {
    readonly view: View;
    readonly orReplace?: true;
    readonly sameColumns?: true;
    readonly ifNotExists?: true;
  };
  "drop-view": { readonly name: ObjectName; readonly materialized: boolean; readonly ifExists?: true };
  "rename-view": {
    readonly name: ObjectName;
    readonly materialized: boolean;
    readonly to: string;
    readonly ifExists?: true;
  };

  /** What a view's column has beyond the query; the whole of it. */
  "alter-view-column": {
    readonly name: ObjectName;
    readonly materialized: boolean;
    readonly column: string;
    readonly properties: ViewColumnProperties | null;
  };

  "create-policy": { readonly table: ObjectName; readonly policy: Policy };
  "drop-policy": { readonly table: ObjectName; readonly policy: string; readonly ifExists?: true };

  /** `was`: the comment before, for the default namespace, of which a schema may not tell. */
  "set-comment": {
    readonly target: CommentTarget;
    readonly comment: string | null;
    readonly was?: string | null;
  };

  /** SQL text of the user's; one statement or several. */
  execute: { readonly sql: string };
  "bulk-insert": {
    readonly table: ObjectName;
    readonly rows: readonly Readonly<Record<string, BulkValue>>[];
  };
  /**
   * Changes the rows that `where` fits, many at a time, each time in a transaction of its own. What it does to a row
   * makes `where` fit it no longer. `batchSize` is the most rows of a transaction.
   */
  backfill: {
    readonly table: ObjectName;
    readonly set: Readonly<Record<string, Expression>>;
    readonly where: Expression;
    readonly batchSize?: number;
    /** What the columns of `set` get instead of what is written there, which is what they have. */
    readonly computed?: Computed;
  };
  /** A question that must give no row; else nothing more is done. `message` says what should be so. */
  assert: { readonly message: string; readonly query: string };
}

export type OpKind = keyof Ops;
export type Op<K extends OpKind = OpKind> = { [P in K]: { readonly kind: P } & Ops[P] }[K];

/** The ops that may stand inside a `batch-alter-table`; each names the same table as the batch. */
export type TableOpKind =
  | "add-column"
  | "drop-column"
  | "rename-column"
  | "alter-column"
  | "add-constraint"
  | "drop-constraint"
  | "rename-constraint"
  | "alter-table-options"
  | "set-comment";
export type TableOp = Op<TableOpKind>;

/**
 * additive: old code goes on working, nothing is lost · widening: a value that was refused is accepted ·
 * narrowing: a value that was accepted is refused · destructive: data or an object goes away · data: rows change.
 */
export type Effect = "additive" | "widening" | "narrowing" | "destructive" | "data";

/** The ops that undo an op. `loses` names, for a person, what they cannot bring back; absent when nothing. */
export interface Inverse {
  readonly ops: readonly Op[];
  readonly loses?: string;
}

/** What an op means. Pure: nothing here knows SQL, files or connections. */
export interface OpDefinition<O> {
  /** `before` is the schema the op is applied to. */
  effect(op: O, before: Schema): Effect;
  /**
   * Changes `draft` to what the schema is after the op.
   * @throws AludelError `op-impossible` where the op contradicts the schema (a column of a table that is not there).
   */
  apply(draft: SchemaDraft, op: O): void;
  /** What undoes the op, given the schema before it. `null`: nothing can (raw SQL). */
  invert(before: Schema, op: O): Inverse | null;
  /** One line for a person, imperative and without SQL: `add column persons.email`. */
  describe(op: O): string;
}

/** One definition for each kind of op: total, so that a new kind does not build until it is defined. */
export type OpDefinitions = { readonly [K in OpKind]: OpDefinition<Op<K>> };
