import type { ObjectName } from "../schema/name.js";
import type {
  ConstraintDefinition,
  Expression,
  IndexKey,
  ObjectKind,
  Option,
  Query,
  TypeUse,
} from "./syntax.js";

/** Everything that is made, altered and dropped besides tables. */
export interface ObjectActs {
  "create-index": {
    /** `null` when it was given none: the world has the name that the server chooses. */
    readonly name: string | null;
    readonly table: ObjectName;
    readonly only: boolean;
    readonly concurrently: boolean;
    readonly unique: boolean;
    readonly ifNotExists: boolean;
    readonly method: string;
    readonly keys: readonly IndexKey[];
    readonly include: readonly string[];
    readonly where: Expression | null;
    readonly nullsNotDistinct: boolean;
  };
  reindex: {
    readonly target: "table" | "index" | "schema" | "database" | "system";
    readonly name: ObjectName | null;
    readonly concurrently: boolean;
  };
  "create-view": {
    readonly name: ObjectName;
    readonly replace: boolean;
    readonly temporary: boolean;
    readonly columns: readonly string[];
    readonly query: Query;
  };
  "refresh-view": { readonly name: ObjectName; readonly concurrently: boolean; readonly withData: boolean };
  "create-sequence": {
    readonly name: ObjectName;
    readonly ifNotExists: boolean;
    readonly temporary: boolean;
    readonly ownedBy: OwnedBy;
  };
  "alter-sequence": {
    readonly name: ObjectName;
    readonly ifExists: boolean;
    /** `undefined`-free: `null` leaves it, `none` takes it away. */
    readonly ownedBy: OwnedBy;
    readonly options: readonly Option[];
  };
  "create-statistics": {
    readonly name: ObjectName | null;
    readonly table: ObjectName;
    readonly ifNotExists: boolean;
  };
  "create-trigger": {
    readonly name: string;
    readonly table: ObjectName;
    readonly replace: boolean;
    readonly constraint: boolean;
    readonly forEachRow: boolean;
    readonly timing: "before" | "after" | "instead-of";
    readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
    readonly columns: readonly string[];
    readonly when: Expression | null;
    readonly function: ObjectName;
    /** FROM of a constraint trigger. */
    readonly referenced: ObjectName | null;
  };
  "create-rule": { readonly name: string; readonly table: ObjectName; readonly replace: boolean };
  "create-policy": {
    readonly name: string;
    readonly table: ObjectName;
    readonly expressions: readonly Expression[];
  };
  "alter-policy": {
    readonly name: string;
    readonly table: ObjectName;
    readonly expressions: readonly Expression[];
  };
  /** DROP of everything with a name of its own. */
  drop: {
    readonly object: ObjectKind;
    readonly names: readonly ObjectName[];
    readonly ifExists: boolean;
    readonly cascade: boolean;
    readonly concurrently: boolean;
  };
  /** DROP TRIGGER, RULE and POLICY. */
  "drop-from-table": {
    readonly object: "trigger" | "rule" | "policy";
    readonly name: string;
    readonly table: ObjectName;
    readonly ifExists: boolean;
    readonly cascade: boolean;
  };
  /** ALTER … RENAME TO. Of a column, constraint, trigger, policy, rule or attribute `name` is what it belongs to. */
  rename: {
    readonly object: ObjectKind;
    /** ALTER TABLE may name an index or a view: the object is what the statement calls it. */
    readonly name: ObjectName;
    /** The column, constraint, trigger … of `name`; `null` when `name` itself is renamed. */
    readonly member: string | null;
    readonly to: string;
    readonly ifExists: boolean;
  };
  "set-schema": {
    readonly object: ObjectKind;
    readonly name: ObjectName;
    readonly schema: string;
    readonly ifExists: boolean;
  };
  "set-owner": { readonly object: ObjectKind; readonly name: ObjectName; readonly owner: string };
  comment: {
    readonly object: ObjectKind;
    /** The object, or what the column, constraint, trigger … belongs to. */
    readonly name: ObjectName;
    readonly member: string | null;
    /** `null` takes it away. */
    readonly text: string | null;
  };
  grant: {
    readonly object: ObjectKind;
    readonly revoke: boolean;
    readonly names: readonly ObjectName[];
    /** ON ALL TABLES IN SCHEMA: the names are schemas'. */
    readonly allInSchema: boolean;
    readonly privileges: readonly string[];
    readonly grantees: readonly string[];
    readonly withGrantOption: boolean;
  };
  "default-privileges": { readonly revoke: boolean };
  "create-schema": { readonly name: string; readonly ifNotExists: boolean };
  "create-enum": { readonly name: ObjectName; readonly values: readonly string[] };
  "add-enum-value": {
    readonly name: ObjectName;
    readonly value: string;
    readonly ifNotExists: boolean;
    /** `null` puts it last. */
    readonly neighbour: string | null;
    readonly after: boolean;
  };
  "rename-enum-value": { readonly name: ObjectName; readonly value: string; readonly to: string };
  "create-type": {
    readonly name: ObjectName;
    readonly form: "composite" | "range" | "base" | "shell";
    readonly attributes: readonly { readonly name: string; readonly type: TypeUse }[];
  };
  /** ALTER TYPE of a composite: one act a subcommand. */
  "alter-composite": {
    readonly name: ObjectName;
    readonly attribute: string;
    readonly change: "add" | "drop" | "type";
    readonly type: TypeUse | null;
    /** To the tables that were made `OF` the type, too. */
    readonly cascade: boolean;
  };
  "create-domain": {
    readonly name: ObjectName;
    readonly base: TypeUse;
    readonly notNull: boolean;
    readonly default: Expression | null;
    readonly checks: readonly ConstraintDefinition[];
  };
  "alter-domain": {
    readonly name: ObjectName;
    readonly change:
      | { readonly kind: "set-default"; readonly default: Expression | null }
      | { readonly kind: "set-not-null" | "drop-not-null" }
      | { readonly kind: "add-constraint"; readonly constraint: ConstraintDefinition }
      | { readonly kind: "drop-constraint"; readonly constraint: string; readonly ifExists: boolean }
      | { readonly kind: "validate-constraint"; readonly constraint: string };
  };
  "create-function": {
    readonly name: ObjectName;
    readonly form: "function" | "procedure";
    readonly replace: boolean;
    /** Types of the input arguments. */
    readonly arguments: readonly TypeUse[];
    readonly returns: TypeUse | null;
    readonly language: string;
    readonly volatility: Volatility;
    readonly securityDefiner: boolean;
    /** Settings of its own (`SET search_path = …`), by name. */
    readonly settings: readonly Option[];
    readonly body: string | null;
    /** The whole statement. */
    readonly definition: string;
    /** For a trigger's function in plpgsql. */
    readonly trigger: boolean;
  };
  "alter-function": {
    readonly name: ObjectName;
    readonly volatility: Volatility | null;
    readonly securityDefiner: boolean | null;
    readonly settings: readonly Option[];
  };
  "create-extension": {
    readonly name: string;
    readonly ifNotExists: boolean;
    readonly schema: string | null;
  };
  "alter-extension": { readonly name: string; readonly change: "update" | "schema" | "contents" };
  "create-publication": {
    readonly name: string;
    readonly tables: readonly ObjectName[];
    readonly all: boolean;
  };
  "alter-publication": {
    readonly name: string;
    readonly change: "add" | "drop" | "set" | "options";
    readonly tables: readonly ObjectName[];
  };
  "create-database": { readonly name: string };
  "drop-database": { readonly name: string; readonly ifExists: boolean };
  /** CREATE and ALTER of roles, memberships. */
  role: { readonly change: "create" | "alter" | "grant" | "revoke" };
}

export type Volatility = "immutable" | "stable" | "volatile";

/** `null` when it is not said. */
export type OwnedBy = { readonly table: ObjectName; readonly column: string } | "none" | null;
