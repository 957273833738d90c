import type { Dependencies } from "./dependency.js";
import type { DialectName, ObjectName } from "./name.js";

/** SQL text of an expression, as written by its source or as the engine deparsed it. Never empty. */
export type Expression = string;

/**
 * A column type, taken apart so that it can be compared and quoted.
 *
 * `varchar(255)` → name `character varying`, modifiers `["255"]`; `timestamp(3) with time zone` → name
 * `timestamp with time zone`, modifiers `["3"]`; `billing.mood[][]` → namespace `billing`, name `mood`,
 * dimensions 2. Names are canonical for the dialect after `Dialect.normalize` (`int4` is then `integer`).
 */
export interface ColumnType extends ObjectName {
  readonly modifiers: readonly string[];
  readonly dimensions: number;
}

/** Options of a sequence. Numbers are decimal text because they exceed 2^53; `null` is the engine's default. */
export interface SequenceOptions {
  readonly start: string | null;
  readonly increment: string | null;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly cache: string | null;
  readonly cycle: boolean;
}

export interface Identity {
  readonly generation: "always" | "by-default";
  readonly sequence: SequenceOptions;
  /** PostgreSQL: the sequence behind it, where it is not what the engine would make; absent leaves it to the engine. */
  readonly own?: OwnSequence;
}

/**
 * PostgreSQL: the sequence behind an identity or a `serial` column. A name that is absent is left to the engine, and fits
 * whatever it is in a database: a renamed table keeps the names of its sequences.
 */
export interface OwnSequence {
  readonly name?: ObjectName;
  /** Of `serial`: where it is not the column's. */
  readonly type?: ColumnType;
  /** PostgreSQL 15: where it is not as the table is. */
  readonly unlogged?: boolean;
}

export interface Generated {
  readonly expression: Expression;
  readonly storage: "stored" | "virtual";
}

/** SQLite: what becomes of a row that violates a constraint, where that is not ABORT. */
export type ConflictResolution = "rollback" | "fail" | "ignore" | "replace";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: Generated | null;
  /** Collation by name; `null` is the type's default. */
  readonly collation: ObjectName | null;
  readonly comment: string | null;
  /** What the NOT NULL of the column says beyond itself; absent when nothing. */
  readonly notNull?: NotNull;
  /** PostgreSQL: what the column is stored with beyond its type's default; absent when all are defaults. */
  readonly storage?: ColumnStorage;
  /** PostgreSQL: of a `serial` column. */
  readonly own?: OwnSequence;
  /** PostgreSQL: the column comes from a parent (partitioned or inherited) and has no declaration of its own. */
  readonly inherited?: true;
}

/**
 * What a NOT NULL says beyond itself. Named ones that are not the engine's default exist from PostgreSQL 18 on; there a
 * name that is not said fits whatever it is in a database: a renamed table or column keeps the name.
 */
export interface NotNull {
  readonly name: string | null;
  /** SQLite. */
  readonly onConflict: ConflictResolution | null;
  /** PostgreSQL 18: NO INHERIT. */
  readonly noInherit?: true;
  /** PostgreSQL 18: NOT VALID. */
  readonly notValid?: true;
}

/** PostgreSQL: how a column is stored and sampled. An absent property is the engine's default. */
export interface ColumnStorage {
  /** `plain`, `external`, `extended` or `main`, where it is not the type's own. */
  readonly strategy?: string;
  /** `pglz` or `lz4`. */
  readonly compression?: string;
  /** Statistics target. */
  readonly statistics?: number;
  /** `n_distinct`, `n_distinct_inherited`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export type ForeignKeyAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** When a constraint is checked: `deferrable` may be put off, `deferred` is put off by default. */
export type Deferral = "immediate" | "deferrable" | "deferred";

/**
 * What every constraint has. `name` is `null` where the engine allows a constraint without one (SQLite).
 * `implicitName` marks a name that nobody chose (the engine's default): it is written into revisions, but a
 * constraint that is otherwise equal matches whatever it is called in the database.
 */
export interface ConstraintBase {
  readonly name: string | null;
  readonly implicitName: boolean;
  readonly comment: string | null;
  /** PostgreSQL: it comes from a parent table and has no declaration of its own. */
  readonly inherited?: true;
}

/** PostgreSQL: the index under a constraint, where it is not the engine's default. */
export interface ConstraintIndex {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tablespace?: string;
  /** Partitions: the constraint of the parent that this one is attached to. */
  readonly attachedTo?: ObjectName;
  /** On the index itself; that on the constraint is the constraint's. */
  readonly comment?: string;
}

/** SQLite: how the index under a key sorts one of its columns. `collation` is `null` for the column's own. */
export interface KeyOrdering {
  readonly order: "asc" | "desc";
  readonly collation: string | null;
}

export interface PrimaryKey extends ConstraintBase {
  readonly kind: "primary-key";
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly deferral: Deferral;
  /** SQLite AUTOINCREMENT: ids are never used again. */
  readonly autoincrement: boolean;
  /** SQLite; absent is ABORT. */
  readonly onConflict?: ConflictResolution;
  /** SQLite: one for each of `columns`; absent when all ascend in their own collation. */
  readonly orderings?: readonly KeyOrdering[];
  /** PostgreSQL 18: WITHOUT OVERLAPS on the last column. */
  readonly withoutOverlaps?: true;
  readonly index?: ConstraintIndex;
  /**
   * PostgreSQL 18: it was added to a table that inherits, whose columns are NOT NULL because the parent's are; made with the table, it
   * gives the table NOT NULLs of its own. Never compared.
   */
  readonly added?: true;
}

export interface Unique extends ConstraintBase {
  readonly kind: "unique";
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly deferral: Deferral;
  /** SQLite; absent is ABORT. */
  readonly onConflict?: ConflictResolution;
  /** SQLite: one for each of `columns`; absent when all ascend in their own collation. */
  readonly orderings?: readonly KeyOrdering[];
  /** PostgreSQL 18: WITHOUT OVERLAPS on the last column. */
  readonly withoutOverlaps?: true;
  readonly index?: ConstraintIndex;
}

export interface ForeignKey extends ConstraintBase {
  readonly kind: "foreign-key";
  readonly columns: readonly string[];
  readonly references: { readonly table: ObjectName; readonly columns: readonly string[] };
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  readonly match: "simple" | "full";
  readonly deferral: Deferral;
  /** False for NOT VALID: enforced for new rows, not yet checked for old ones. */
  readonly validated: boolean;
  /** The columns of `SET NULL (…)` and `SET DEFAULT (…)` on delete, where these are not all. */
  readonly setColumns?: readonly string[];
  /** PostgreSQL 18: NOT ENFORCED. */
  readonly enforced?: false;
  /** PostgreSQL 18: the last column on both sides is a PERIOD. */
  readonly period?: true;
}

export interface Check extends ConstraintBase {
  readonly kind: "check";
  readonly expression: Expression;
  readonly noInherit: boolean;
  readonly validated: boolean;
  /** PostgreSQL 18: NOT ENFORCED. */
  readonly enforced?: false;
}

export interface Exclude extends ConstraintBase {
  readonly kind: "exclude";
  readonly method: string;
  readonly elements: readonly { readonly key: IndexKey; readonly operator: string }[];
  readonly where: Expression | null;
  readonly deferral: Deferral;
  readonly include?: readonly string[];
  readonly index?: ConstraintIndex;
}

export type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclude;
export type ConstraintKind = Constraint["kind"];

/** One key of an index: exactly one of `column` and `expression` is not null. */
export interface IndexKey {
  readonly column: string | null;
  readonly expression: Expression | null;
  readonly order: "asc" | "desc";
  /** Normalised: ascending keys default to `last`, descending ones to `first` (PostgreSQL's defaults). */
  readonly nulls: "first" | "last";
  readonly collation: ObjectName | null;
  /** Operator class, qualified where it is not on the path; `null` is the type's default. */
  readonly operatorClass: string | null;
  /** Parameters of the operator class, `siglen` → `32`; absent when none. */
  readonly operatorClassParameters?: Readonly<Record<string, string>>;
}

export interface Index {
  readonly name: string;
  readonly unique: boolean;
  /** Access method, lower case: `btree`, `gin` … */
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where: Expression | null;
  readonly nullsNotDistinct: boolean;
  /** Storage parameters, `fillfactor` → `70`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly comment: string | null;
  /** How the models ask for it to be built. A wish about the building, not a property: never compared. */
  readonly concurrently: boolean;
  readonly tablespace?: string;
  /** Statistics targets of keys that are expressions, by their place from 1. */
  readonly statistics?: Readonly<Record<string, number>>;
  /** Partitions: the index of the parent that this one is attached to. */
  readonly attachedTo?: ObjectName;
  /** PostgreSQL: the index of a partitioned table alone (`ON ONLY`), valid only when every partition has one. */
  readonly only?: true;
}

export interface Policy {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  /** Role names; `public`, `current_user`, `session_user` and `current_role` are the keywords. */
  readonly roles: readonly string[];
  readonly using: Expression | null;
  readonly check: Expression | null;
  readonly comment: string | null;
}

/** What a table is made with beside columns and constraints. Every property has the engine's default. */
export interface TableOptions {
  readonly unlogged: boolean;
  readonly tablespace: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  /** PostgreSQL: table access method; absent is the default one. */
  readonly method?: string;
  /** PostgreSQL: what logical replication knows an old row by; absent is the primary key. */
  readonly replicaIdentity?:
    | { readonly by: "full" | "nothing" }
    | { readonly by: "index"; readonly index: string };
  /** PostgreSQL: the index that CLUSTER sorts by. */
  readonly clusterOn?: string;
}

/** PostgreSQL: what makes a table a partitioned one. */
export interface Partitioning {
  readonly strategy: "range" | "list" | "hash";
  /** What stands in the parentheses of PARTITION BY: columns, expressions, collations, operator classes. */
  readonly keys: Expression;
}

/** PostgreSQL: what makes a table a partition. */
export interface Partition {
  readonly of: ObjectName;
  /** `FOR VALUES FROM (…) TO (…)`, `FOR VALUES IN (…)`, `FOR VALUES WITH (…)` or `DEFAULT`. */
  readonly bounds: Expression;
}

/**
 * What an engine that keeps its schema as text (SQLite) says about a table or view beyond the records, for making
 * it anew without a loss. Only inspection gives it; it is never compared, hashed or written into a revision.
 */
export interface Origin {
  /** The statement that made it, as the database has it. */
  readonly sql: string;
  /** Statements of its indexes by name. */
  readonly indexes: ReadonlyMap<string, string>;
}

export interface Table extends ObjectName {
  /** In the order of the table. */
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly policies: readonly Policy[];
  readonly rowSecurity: "off" | "enabled" | "forced";
  readonly options: TableOptions;
  readonly comment: string | null;
  readonly origin?: Origin;
  readonly partitioning?: Partitioning;
  readonly partition?: Partition;
  /**
   * PostgreSQL, of a partitioned table: what the columns of an index are called, by the index or constraint. They keep the names
   * that they were made with, and the engine names the indexes of new partitions after them. Never compared, hashed or
   * written into a revision; absent, or without an index, where that has the names of today.
   */
  readonly indexColumns?: ReadonlyMap<string, readonly string[]>;
  /** PostgreSQL: the tables that it inherits from, in order; absent when none. */
  readonly inherits?: readonly ObjectName[];
  /** PostgreSQL: the composite type of a typed table (`CREATE TABLE … OF`). */
  readonly ofType?: ObjectName;
}

export interface View extends ObjectName {
  readonly materialized: boolean;
  /** The query, without a trailing semicolon. */
  readonly definition: Expression;
  /** `security_barrier`, `check_option` … as the engine stores them; storage parameters when materialised. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Materialised only: filled when made. Not compared. */
  readonly withData: boolean;
  readonly method: string | null;
  readonly tablespace: string | null;
  /** Materialised only. */
  readonly indexes: readonly Index[];
  readonly comment: string | null;
  /** Names of the columns where the view gives them itself (SQLite: `CREATE VIEW v (a, b) AS …`). */
  readonly columns?: readonly string[];
  /** What its columns have beyond the query, by their names; absent when nothing. */
  readonly columnProperties?: Readonly<Record<string, ViewColumnProperties>>;
  readonly options?: Pick<TableOptions, "replicaIdentity" | "clusterOn">;
  readonly origin?: Origin;
  readonly outline?: Outline;
  /**
   * PostgreSQL: its columns in order, with name, type and collation, as texts that are equal where these are. Only inspection
   * gives it, for views that are not materialised; it is never compared, but tells whether one can take the place of another.
   */
  readonly columnTypes?: readonly string[];
}

/**
 * PostgreSQL: a query with the columns of a view that stands on nothing but their types, for making a view before what
 * it reads, where that needs the view. Only inspection gives it, for views that something needs; it is never compared.
 */
export interface Outline {
  readonly columns: readonly string[];
  readonly definition: Expression;
  /** The view itself is what needs it. */
  readonly readsItself?: boolean;
}

/** PostgreSQL: a default (for rows that are inserted through the view), a comment, and for a materialised view storage. */
export interface ViewColumnProperties {
  readonly default?: Expression;
  readonly comment?: string;
  readonly storage?: ColumnStorage;
}

export interface Enum extends ObjectName {
  readonly values: readonly string[];
  readonly comment: string | null;
}

export interface Sequence extends ObjectName {
  readonly type: ColumnType;
  readonly options: SequenceOptions;
  readonly ownedBy: { readonly table: ObjectName; readonly column: string } | null;
  readonly comment: string | null;
  /** PostgreSQL 15. */
  readonly unlogged?: true;
}

/** What SQL calls a schema. `namespace` here, because a schema is the whole model in Aludel's words. */
export interface Namespace {
  readonly name: string;
  readonly comment: string | null;
}

export interface Extension {
  readonly name: string;
  /** Where its objects live; `null` leaves it to the engine and is not compared. */
  readonly namespace: string | null;
  /** `null` is the newest available and is not compared. */
  readonly version: string | null;
  /** Absent where nobody set another one than the extension's own. */
  readonly comment?: string | null;
}

/** A condition of a domain. */
export interface DomainCheck {
  readonly name: string;
  readonly expression: Expression;
  /** False for NOT VALID. */
  readonly validated: boolean;
  readonly comment: string | null;
}

/** PostgreSQL: a type with conditions (CREATE DOMAIN). */
export interface Domain extends ObjectName {
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** PostgreSQL 17: the name of its NOT NULL, where it is not the engine's default. */
  readonly notNullName?: string;
  readonly default: Expression | null;
  readonly collation: ObjectName | null;
  readonly checks: readonly DomainCheck[];
  readonly comment: string | null;
}

export interface CompositeAttribute {
  readonly name: string;
  readonly type: ColumnType;
  readonly collation: ObjectName | null;
  readonly comment: string | null;
}

/** PostgreSQL: a type made of attributes (CREATE TYPE … AS). */
export interface Composite extends ObjectName {
  readonly attributes: readonly CompositeAttribute[];
  readonly comment: string | null;
}

/** The kinds of objects that are known by the statement which makes them. */
export const definedKinds = [
  "language",
  "collation",
  "shell-type",
  "base-type",
  "range",
  "function",
  "procedure",
  "aggregate",
  "operator",
  "operator-family",
  "operator-class",
  "cast",
  "transform",
  "conversion",
  "access-method",
  "text-search-parser",
  "text-search-template",
  "text-search-dictionary",
  "text-search-configuration",
  "foreign-data-wrapper",
  "server",
  "user-mapping",
  "foreign-table",
  "statistics",
  "rule",
  "trigger",
  /** When a partition's copy of a trigger fires, where its parent's does not do so likewise. */
  "trigger-state",
  "event-trigger",
  "publication",
  "default-privileges",
  "grant",
] as const;
export type DefinedKind = (typeof definedKinds)[number];

/**
 * An object that is known by the statement which makes it: the engine prints it in one canonical form, and nothing in
 * it needs to be taken apart. `namespace` is `null` also for kinds that live in none (casts, event triggers).
 */
export interface Defined extends ObjectName {
  readonly kind: DefinedKind;
  /** The table or view that a trigger or rule belongs to and vanishes with; else `null`. */
  readonly table: ObjectName | null;
  /**
   * What tells objects of one name apart, as the engine wants it after the name in a DROP, without the parentheses:
   * argument types of routines and operators (`integer, text`), the method of an operator class, the grantee of a
   * grant; of a trigger's state the statement that brings the parent's back. Empty where the name is enough.
   */
  readonly signature: string;
  /** The statement, without OR REPLACE and semicolon. Names in the default namespace are not qualified. */
  readonly definition: Expression;
  /** Statements that follow it, for what CREATE has no words for (`ALTER TABLE … DISABLE TRIGGER …`). */
  readonly settings: readonly string[];
  readonly comment: string | null;
}

/** Each kind of object that stands by itself in a schema. Closed: a new kind does not build until all answer. */
export interface SchemaObjects {
  readonly namespace: Namespace;
  readonly extension: Extension;
  readonly enum: Enum;
  readonly sequence: Sequence;
  readonly table: Table;
  readonly view: View;
  readonly domain: Domain;
  readonly composite: Composite;
  readonly defined: Defined;
}
export type ObjectKind = keyof SchemaObjects;

/**
 * The model of a database as plain, immutable data. Maps are keyed by `nameKey` (namespaces and extensions by
 * their name, defined objects by `definedKey`) and iterate in the order of the source.
 */
export interface Schema {
  readonly dialect: DialectName;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly enums: ReadonlyMap<string, Enum>;
  readonly sequences: ReadonlyMap<string, Sequence>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly views: ReadonlyMap<string, View>;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly composites: ReadonlyMap<string, Composite>;
  readonly defined: ReadonlyMap<string, Defined>;
  /** PostgreSQL: the default namespace, which is always there, where its comment is not the engine's own. */
  readonly home?: Namespace;
  /**
   * What depends on what, as the engine knows it: each address with those that must be there before it. Only
   * inspection gives it; it is never compared, and ops leave it as it is.
   */
  readonly dependencies?: Dependencies;
  /** SQLite: virtual tables and those that they keep for themselves, in lower case. Inspection names them and no more. */
  readonly leftAlone?: ReadonlySet<string>;
}

/**
 * A schema under construction: the maps may be changed, the objects in them may not. It lets a long list of ops
 * be applied in linear time; nobody but its owner may hold it.
 */
export type SchemaDraft = {
  -readonly [K in keyof Schema]: Schema[K] extends ReadonlyMap<infer N, infer V> ? Map<N, V> : Schema[K];
};
