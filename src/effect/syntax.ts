import type { ObjectName } from "../schema/name.js";

/**
 * The parts that acts are made of. Names are as they were written, folded as the server folds them: what is not
 * qualified has `namespace: null` and is looked up in the world (`findRelation`), along the search path of that moment.
 */

/** A type as it is used: of a column, a cast, a domain. */
export interface TypeUse {
  /** Canonical for built-in types (`integer`, `character varying`, `timestamp with time zone`), else as written. */
  readonly name: string;
  /** `null` for a built-in type, and for a type of the user's that was not qualified. */
  readonly namespace: string | null;
  readonly builtIn: boolean;
  /** What stands in the parentheses: length, precision and scale; empty without them. */
  readonly modifiers: readonly number[];
  /** Dimensions of an array; 0 for a plain value. */
  readonly dimensions: number;
  /** `smallserial`, `serial` and `bigserial` are their integers with a sequence of the column's own. */
  readonly serial: boolean;
}

/** A function that an expression or a query calls. Operators and built-in syntax (`CURRENT_DATE`) are not among them. */
export interface Call {
  readonly name: ObjectName;
  readonly arguments: number;
  /** Text of the arguments that are string constants, at their places: `nextval('s')` has `["s"]`. */
  readonly texts: readonly (string | null)[];
}

/** An expression's logical form, as far as it is a condition of constants; all else is `other`. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "null" | "not-null"; readonly column: string }
  | {
      readonly kind: "compare";
      readonly column: string;
      readonly operator: "=" | "<>" | "<" | "<=" | ">" | ">=";
      /** Text of the constant: a number's digits, a string's characters. */
      readonly value: string;
    }
  /** `column IN (…)` and `column = ANY (…)` of constants. */
  | { readonly kind: "among"; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: "always"; readonly value: boolean }
  | { readonly kind: "other" };

export interface Expression {
  /** As written, without white space around it. */
  readonly sql: string;
  readonly calls: readonly Call[];
  /** Columns that it names, without qualification. */
  readonly columns: readonly string[];
  /** The value of a constant, behind any casts: `null` for NULL, text for all others; absent when it is none. */
  readonly constant?: string | null;
  /** Set when it is nothing but a column, behind no cast or those in `castTo`. */
  readonly column?: string;
  /** The outermost cast. */
  readonly castTo?: TypeUse;
  readonly condition: Condition;
  /** Relations that subqueries in it read. */
  readonly reads: readonly ObjectName[];
}

/** What a query reads and does; of a whole statement, or of a view. */
export interface Query {
  /** Relations that it names, without the names of its own WITH. */
  readonly reads: readonly ObjectName[];
  /** Those that it locks with FOR UPDATE, FOR SHARE …: all that it reads from, when the clause names none. */
  readonly rowLocks: readonly ObjectName[];
  /** Relations that it changes (data-modifying WITH). */
  readonly writes: readonly {
    readonly relation: ObjectName;
    readonly kind: "insert" | "update" | "delete" | "merge";
  }[];
  /** Names of columns that stand anywhere in it; `all` with a `*`. */
  readonly columns: readonly string[];
  readonly all: boolean;
  readonly calls: readonly Call[];
  readonly types: readonly TypeUse[];
  /** A condition limits the rows: WHERE that is more than `true`, LIMIT, TABLESAMPLE. */
  readonly filtered: boolean;
  /** What comes out, where the syntax alone says it. */
  readonly output: readonly {
    readonly name: string | null;
    readonly source: string | null;
    readonly type: TypeUse | null;
  }[];
}

/** A key of an index or an exclusion. */
export interface IndexKey {
  readonly column: string | null;
  readonly expression: Expression | null;
  readonly collation: ObjectName | null;
  readonly operatorClass: ObjectName | null;
  readonly descending: boolean;
  readonly nullsFirst: boolean | null;
}

export interface Identity {
  readonly always: boolean;
  readonly sequence: string | null;
}

export interface Generated {
  readonly expression: Expression;
  readonly stored: boolean;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeUse;
  readonly notNull: boolean;
  /** Name of a NOT NULL that was given one. */
  readonly notNullName: string | null;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: Generated | null;
  readonly collation: ObjectName | null;
  readonly storage: string | null;
  readonly compression: string | null;
  /** PRIMARY KEY, UNIQUE, CHECK and REFERENCES that stand at the column. */
  readonly constraints: readonly ConstraintDefinition[];
}

interface ConstraintParts {
  /** `null` when it was given none: the world has the name that the server chooses. */
  readonly name: string | null;
  readonly notValid: boolean;
  readonly enforced: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly noInherit: boolean;
}

export interface CheckDefinition extends ConstraintParts {
  readonly kind: "check";
  readonly expression: Expression;
}

export interface NotNullDefinition extends ConstraintParts {
  readonly kind: "not-null";
  readonly column: string;
}

export interface KeyDefinition extends ConstraintParts {
  readonly kind: "primary-key" | "unique";
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly withoutOverlaps: boolean;
  /** PRIMARY KEY USING INDEX, UNIQUE USING INDEX; the columns are then empty. */
  readonly usingIndex: string | null;
}

export type ReferentialAction = "no-action" | "restrict" | "cascade" | "set-null" | "set-default";

export interface ForeignKeyDefinition extends ConstraintParts {
  readonly kind: "foreign-key";
  readonly columns: readonly string[];
  readonly target: ObjectName;
  /** Empty for the primary key of the target. */
  readonly targetColumns: readonly string[];
  readonly onUpdate: ReferentialAction | null;
  readonly onDelete: ReferentialAction | null;
  readonly matchFull: boolean;
}

export interface ExcludeDefinition extends ConstraintParts {
  readonly kind: "exclude";
  readonly method: string;
  readonly elements: readonly { readonly key: IndexKey; readonly operator: string }[];
  readonly where: Expression | null;
}

export type ConstraintDefinition =
  | CheckDefinition
  | NotNullDefinition
  | KeyDefinition
  | ForeignKeyDefinition
  | ExcludeDefinition;

/** A value in a partition's bound. */
export type BoundValue = { readonly value: string | null } | "minimum" | "maximum" | "unknown";

export type PartitionBound =
  | { readonly kind: "default" }
  | { readonly kind: "list"; readonly values: readonly BoundValue[] }
  | { readonly kind: "range"; readonly from: readonly BoundValue[]; readonly to: readonly BoundValue[] }
  | { readonly kind: "hash"; readonly modulus: number; readonly remainder: number };

export interface PartitionKey {
  readonly strategy: "list" | "range" | "hash";
  /** `null` for a key that is an expression. */
  readonly columns: readonly (string | null)[];
}

/** A storage parameter or another option in parentheses; `null` when only named. */
export interface Option {
  readonly name: string;
  readonly value: string | null;
}

/** Kinds of objects that are named in DROP, RENAME, COMMENT … */
export type ObjectKind =
  | "table"
  | "foreign-table"
  | "view"
  | "materialized-view"
  | "index"
  | "sequence"
  | "column"
  | "constraint"
  | "trigger"
  | "rule"
  | "policy"
  | "type"
  | "domain"
  | "domain-constraint"
  | "attribute"
  | "schema"
  | "function"
  | "procedure"
  | "aggregate"
  | "operator"
  | "extension"
  | "collation"
  | "statistics"
  | "publication"
  | "subscription"
  | "event-trigger"
  | "role"
  | "database"
  | "tablespace"
  | "server"
  | "other";
