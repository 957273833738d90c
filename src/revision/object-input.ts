import type { ColumnBuilder, TypeBuilder } from "./column-builder.js";
import type { NameInput, ValueInput } from "./operation-input.js";
import type { SqlText } from "./sql-text.js";

/** A condition of a domain that is more than its expression. */
export interface DomainCheckInput {
  readonly expression: SqlText;
  /** `true` for NOT VALID: the values that are there already are not checked. */
  readonly notValid?: boolean;
  readonly comment?: string;
}

/** A domain (CREATE DOMAIN), the whole of it: what is not given is the engine's default. */
export interface DomainInput {
  readonly type: TypeBuilder;
  /** False for NOT NULL. */
  readonly nullable?: boolean;
  /** PostgreSQL 17: the name of its NOT NULL, where it is not the engine's default. */
  readonly notNull?: { readonly name: string };
  readonly default?: ValueInput;
  readonly collation?: NameInput;
  /** By their names. */
  readonly checks?: Readonly<Record<string, SqlText | DomainCheckInput>>;
  readonly comment?: string;
}

/** Attributes of a composite type in their order; as pairs where a name looks like a number. */
export type AttributesInput =
  | Readonly<Record<string, ColumnBuilder>>
  | readonly (readonly [string, ColumnBuilder])[];

/** Old names with their new ones, in the order in which they are renamed; as pairs where a name looks like a number. */
export type RenamesInput = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** A function, procedure or aggregate: its name alone where it has no arguments. */
export type RoutineInput =
  | string
  | {
      readonly schema?: string;
      readonly name: string;
      /** Their types, as DROP FUNCTION wants them: `"integer, text"`. None when absent. */
      readonly arguments?: string;
    };

/**
 * An object of any kind: its name alone where that is enough.
 *
 * `table` is that of a trigger or rule. `signature` tells objects of one name apart, or those that have none, as the
 * engine wants it in a DROP: the argument types of routines and operators (`"integer, text"`), the index method of an
 * operator class or family (`"btree"`), the types of a cast (`"text AS integer"`).
 */
export type ObjectInput =
  | string
  | {
      readonly schema?: string;
      readonly name?: string;
      readonly table?: NameInput;
      readonly signature?: string;
    };

/** What can be said about an object beside the statement that makes it. */
export interface DefineOptions {
  /** Statements that follow it, for what CREATE has no words for: `` sql`ALTER TABLE … DISABLE TRIGGER …` ``. */
  readonly settings?: readonly SqlText[];
  readonly comment?: string;
  /** PostgreSQL: the body is not checked, so that it may name what does not exist yet (`check_function_bodies`). */
  readonly unchecked?: boolean;
}

/** The comment stays as it is. */
export type ReplaceOptions = Omit<DefineOptions, "comment">;
