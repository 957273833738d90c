import type { DefinedKind } from "../schema/schema.js";
import type {
  AttributesInput,
  DefineOptions,
  DomainInput,
  ObjectInput,
  RenamesInput,
  ReplaceOptions,
  RoutineInput,
} from "./object-input.js";
import type { NameInput } from "./operation-input.js";
import type { SqlText } from "./sql-text.js";

interface IfExists {
  readonly ifExists?: boolean;
}

interface DropFromTable extends IfExists {
  readonly table: NameInput;
}

/** What a revision can do with types of the database's own that are no enums. PostgreSQL only. */
export interface TypeOperations {
  /**
   * A type with conditions (CREATE DOMAIN).
   *
   *     await op.createDomain("email", { type: t.text(), checks: { email_check: sql`VALUE ~ '@'` } });
   */
  createDomain(name: NameInput, domain: DomainInput): Promise<void>;
  /**
   * Sets the whole of a domain but its comments (ALTER DOMAIN): what is not given goes. Type and collation are those
   * that it has; they are said so that the revision can be read by itself.
   */
  alterDomain(name: NameInput, domain: Omit<DomainInput, "comment">): Promise<void>;
  dropDomain(name: NameInput, options?: IfExists): Promise<void>;
  renameDomain(name: NameInput, to: string): Promise<void>;

  /**
   * A type made of attributes (CREATE TYPE … AS). Attributes are built with `t`: type, `.collate(…)`, `.comment(…)`.
   *
   *     await op.createType("address", { street: t.text(), zip: t.varchar(10) });
   */
  createType(
    name: NameInput,
    attributes: AttributesInput,
    options?: { readonly comment?: string },
  ): Promise<void>;
  /**
   * Sets the whole of a composite type but its comments (ALTER TYPE): attributes that are not given are dropped, new
   * ones are added at the end. `renames` come first, old name to new one.
   *
   *     await op.alterType("address", { street: t.text(), city: t.text() }, { renames: { town: "city" } });
   */
  alterType(
    name: NameInput,
    attributes: AttributesInput,
    options?: { readonly renames?: RenamesInput },
  ): Promise<void>;
  dropType(name: NameInput, options?: IfExists): Promise<void>;
  renameType(name: NameInput, to: string): Promise<void>;

  /** A range type with its multirange type (CREATE TYPE … AS RANGE). */
  createRangeType(name: NameInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  dropRangeType(name: NameInput, options?: IfExists): Promise<void>;
}

/**
 * What a revision can do with objects that are known by the statement which makes them. The statement is written without
 * OR REPLACE and semicolon; what it says must agree with the name and arguments that are given beside it, by which the
 * object is found again.
 */
export interface ObjectOperations extends TypeOperations {
  /**
   * A function (CREATE FUNCTION), known by its name and the types of its arguments.
   *
   *     await op.createFunction(
   *       { name: "double", arguments: "integer" },
   *       sql`CREATE FUNCTION double(integer) RETURNS integer LANGUAGE sql RETURN $1 * 2`,
   *     );
   */
  createFunction(object: RoutineInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  /** CREATE OR REPLACE FUNCTION: name, argument types and result are unchanged. */
  replaceFunction(object: RoutineInput, definition: SqlText, options?: ReplaceOptions): Promise<void>;
  dropFunction(object: RoutineInput, options?: IfExists): Promise<void>;
  /** CREATE PROCEDURE. */
  createProcedure(object: RoutineInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  replaceProcedure(object: RoutineInput, definition: SqlText, options?: ReplaceOptions): Promise<void>;
  dropProcedure(object: RoutineInput, options?: IfExists): Promise<void>;
  /** CREATE AGGREGATE. */
  createAggregate(object: RoutineInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  replaceAggregate(object: RoutineInput, definition: SqlText, options?: ReplaceOptions): Promise<void>;
  dropAggregate(object: RoutineInput, options?: IfExists): Promise<void>;

  /**
   * A trigger of a table or view (CREATE TRIGGER of PostgreSQL and SQLite).
   *
   *     await op.createTrigger(
   *       "touch",
   *       "persons",
   *       sql`CREATE TRIGGER touch BEFORE UPDATE ON persons FOR EACH ROW EXECUTE FUNCTION touch()`,
   *     );
   */
  createTrigger(name: string, table: NameInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  /** PostgreSQL 14: CREATE OR REPLACE TRIGGER. SQLite drops it and makes it anew. */
  replaceTrigger(
    name: string,
    table: NameInput,
    definition: SqlText,
    options?: ReplaceOptions,
  ): Promise<void>;
  dropTrigger(name: string, options: DropFromTable): Promise<void>;
  /** A rule of a table or view (CREATE RULE). */
  createRule(name: string, table: NameInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  replaceRule(name: string, table: NameInput, definition: SqlText, options?: ReplaceOptions): Promise<void>;
  dropRule(name: string, options: DropFromTable): Promise<void>;
  /** CREATE EVENT TRIGGER; PostgreSQL only, and for superusers there. */
  createEventTrigger(name: string, definition: SqlText, options?: DefineOptions): Promise<void>;
  dropEventTrigger(name: string, options?: IfExists): Promise<void>;
  /** CREATE STATISTICS; PostgreSQL only. */
  createStatistics(name: NameInput, definition: SqlText, options?: DefineOptions): Promise<void>;
  dropStatistics(name: NameInput, options?: IfExists): Promise<void>;

  /**
   * An object of any kind, for those that have no operation of their own: operator classes, casts, text search
   * configurations, servers, publications, grants …
   *
   *     await op.createObject("cast", { signature: "text AS mood" }, sql`CREATE CAST (text AS mood) WITH INOUT`);
   *
   * @throws AludelError `op-unsupported` for kinds that the engine does not have.
   */
  createObject(
    kind: DefinedKind,
    object: ObjectInput,
    definition: SqlText,
    options?: DefineOptions,
  ): Promise<void>;
  /** Puts another definition in the place of one, without dropping it, for kinds that have CREATE OR REPLACE. */
  replaceObject(
    kind: DefinedKind,
    object: ObjectInput,
    definition: SqlText,
    options?: ReplaceOptions,
  ): Promise<void>;
  dropObject(kind: DefinedKind, object: ObjectInput, options?: IfExists): Promise<void>;
}

/** The objects that `op.setComment` knows beside those that it has always known, each by what it is known by. */
export type ObjectCommentTarget =
  | { readonly extension: string }
  | { readonly domain: NameInput }
  | { readonly check: string; readonly domain: NameInput }
  | { readonly type: NameInput }
  | { readonly attribute: string; readonly type: NameInput }
  | { readonly function: RoutineInput }
  | { readonly procedure: RoutineInput }
  | { readonly aggregate: RoutineInput }
  | { readonly trigger: string; readonly table: NameInput }
  | { readonly rule: string; readonly table: NameInput }
  | { readonly eventTrigger: string }
  | { readonly statistics: NameInput }
  | { readonly rangeType: NameInput }
  | { readonly object: ObjectInput; readonly kind: DefinedKind };
