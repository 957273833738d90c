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
  /** SQLite: what the NOT NULL of the column says beyond itself; absent when nothing. */
  readonly notNull?: { readonly name: string | null; readonly onConflict: ConflictResolution | null };
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
}

export interface Check extends ConstraintBase {
  readonly kind: "check";
  readonly expression: Expression;
  readonly noInherit: boolean;
  readonly validated: boolean;
}

export interface Exclude extends ConstraintBase {
  readonly kind: "exclude";
  readonly method: string;
  readonly elements: readonly { readonly key: IndexKey; readonly operator: string }[];
  readonly where: Expression | null;
  readonly deferral: Deferral;
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
  /** Operator class; `null` is the type's default. */
  readonly operatorClass: string | null;
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
  /** Statements of its triggers by name. */
  readonly triggers: ReadonlyMap<string, string>;
  /** Tables whose triggers have its name in them. */
  readonly triggersElsewhere: readonly string[];
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
  readonly origin?: Origin;
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
}

/** Each kind of object that stands by itself in a schema. Closed: a new kind does not build until all answer. */
export interface SchemaObjects {
  readonly namespace: Namespace;
  readonly extension: Extension;
  readonly enum: Enum;
  readonly sequence: Sequence;
  readonly table: Table;
  readonly view: View;
}
export type ObjectKind = keyof SchemaObjects;

/**
 * The model of a database as plain, immutable data. Maps are keyed by `nameKey` (namespaces and extensions by
 * their name) and iterate in the order of the source.
 */
export interface Schema {
  readonly dialect: DialectName;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly enums: ReadonlyMap<string, Enum>;
  readonly sequences: ReadonlyMap<string, Sequence>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly views: ReadonlyMap<string, View>;
}

/**
 * A schema under construction: the maps may be changed, the objects in them may not. It lets a long list of ops
 * be applied in linear time; nobody but its owner may hold it.
 */
export type SchemaDraft = {
  -readonly [K in keyof Schema]: Schema[K] extends ReadonlyMap<infer N, infer V> ? Map<N, V> : Schema[K];
};
