import type { ObjectName } from "../schema/name.js";
import type {
  ColumnDefinition,
  ConstraintDefinition,
  Expression,
  Identity,
  Option,
  PartitionBound,
  PartitionKey,
  Query,
  TypeUse,
} from "./syntax.js";

/** What every subcommand of ALTER TABLE knows: `ALTER TABLE a …, …` is one act a subcommand. */
export interface OnTable {
  readonly table: ObjectName;
  /** ALTER TABLE ONLY. */
  readonly only: boolean;
  /** ALTER TABLE IF EXISTS. */
  readonly ifTableExists: boolean;
  /** What the statement calls it: ALTER TABLE, ALTER INDEX, ALTER VIEW … */
  readonly on: "table" | "index" | "view" | "materialized-view" | "sequence" | "foreign-table";
  /** Which of the statement's subcommands it is, from 0, and how many there are. */
  readonly part: number;
  readonly parts: number;
}

interface OnColumn extends OnTable {
  readonly column: string;
}

/** CREATE TABLE and the subcommands of ALTER TABLE. */
export interface TableActs {
  "create-table": {
    readonly name: ObjectName;
    readonly ifNotExists: boolean;
    readonly temporary: boolean;
    readonly unlogged: boolean;
    readonly foreign: boolean;
    readonly columns: readonly ColumnDefinition[];
    readonly constraints: readonly ConstraintDefinition[];
    /** LIKE, with what is INCLUDING; `all` for INCLUDING ALL. */
    readonly likes: readonly { readonly source: ObjectName; readonly including: readonly LikePart[] }[];
    readonly inherits: readonly ObjectName[];
    readonly partitionOf: { readonly parent: ObjectName; readonly bound: PartitionBound } | null;
    readonly partitionBy: PartitionKey | null;
    readonly ofType: ObjectName | null;
    readonly options: readonly Option[];
  };
  /** CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW. */
  "create-table-as": {
    readonly name: ObjectName;
    readonly materialized: boolean;
    readonly ifNotExists: boolean;
    readonly temporary: boolean;
    readonly unlogged: boolean;
    readonly withData: boolean;
    readonly columns: readonly string[];
    readonly query: Query;
  };
  "add-column": OnTable & { readonly definition: ColumnDefinition; readonly ifNotExists: boolean };
  "drop-column": OnColumn & { readonly ifExists: boolean; readonly cascade: boolean };
  "set-default": OnColumn & { readonly default: Expression };
  "drop-default": OnColumn;
  "set-not-null": OnColumn;
  "drop-not-null": OnColumn;
  "alter-type": OnColumn & {
    readonly type: TypeUse;
    readonly using: Expression | null;
    readonly collation: ObjectName | null;
  };
  "set-expression": OnColumn & { readonly expression: Expression };
  "drop-expression": OnColumn & { readonly ifExists: boolean };
  "add-identity": OnColumn & { readonly identity: Identity };
  "set-identity": OnColumn;
  "drop-identity": OnColumn & { readonly ifExists: boolean };
  "set-statistics": OnColumn;
  "set-column-options": OnColumn & { readonly options: readonly Option[]; readonly reset: boolean };
  "set-storage": OnColumn & { readonly storage: string };
  "set-compression": OnColumn & { readonly compression: string };
  "add-constraint": OnTable & { readonly constraint: ConstraintDefinition };
  "validate-constraint": OnTable & { readonly constraint: string };
  "alter-constraint": OnTable & {
    readonly constraint: string;
    /** `null` where it is left as it is. */
    readonly deferrable: boolean | null;
    readonly enforced: boolean | null;
    readonly inherit: boolean | null;
  };
  "drop-constraint": OnTable & {
    readonly constraint: string;
    readonly ifExists: boolean;
    readonly cascade: boolean;
  };
  "set-options": OnTable & { readonly options: readonly Option[]; readonly reset: boolean };
  "set-logged": OnTable & { readonly logged: boolean };
  "set-tablespace": OnTable & { readonly tablespace: string };
  "set-access-method": OnTable & { readonly method: string | null };
  /** `null` for SET WITHOUT CLUSTER. */
  "cluster-on": OnTable & { readonly index: string | null };
  "replica-identity": OnTable & {
    readonly identity: "default" | "full" | "nothing" | { readonly index: string };
  };
  inherit: OnTable & { readonly parent: ObjectName; readonly remove: boolean };
  /** `null` for NOT OF. */
  "of-type": OnTable & { readonly type: ObjectName | null };
  "row-security": OnTable & { readonly change: "enable" | "disable" | "force" | "no-force" };
  /** `null` is ALL or USER. */
  "set-trigger": OnTable & {
    readonly trigger: string | null;
    readonly users: boolean;
    readonly state: "enable" | "enable-always" | "enable-replica" | "disable";
  };
  "set-rule": OnTable & { readonly rule: string; readonly enable: boolean };
  "attach-partition": OnTable & { readonly partition: ObjectName; readonly bound: PartitionBound };
  "detach-partition": OnTable & {
    readonly partition: ObjectName;
    readonly concurrently: boolean;
    readonly finalize: boolean;
  };
  "attach-index": OnTable & { readonly index: ObjectName };
  /** ALTER TABLE … OWNER TO; of other objects it is `set-owner`. */
  "set-table-owner": OnTable & { readonly owner: string };
  /** A subcommand that is known to be there and of which no more is said: its text is the statement's. */
  "alter-table-other": OnTable & { readonly subcommand: string };
}

export type LikePart =
  | "comments"
  | "compression"
  | "constraints"
  | "defaults"
  | "generated"
  | "identity"
  | "indexes"
  | "statistics"
  | "storage"
  | "all";
