import type { CastExpression } from "../op/apply.js";
import type { Op } from "../op/op.js";
import type { ObjectName } from "../schema/name.js";
import type { Defined, Expression, Schema } from "../schema/schema.js";
import type { Slot } from "../schema/slot.js";

/** What can be renamed without a loss, and be mistaken for a drop and an add. */
export type PlaceKind = (typeof placeKinds)[number];

/** In the order in which renames are carried out. */
export const placeKinds = [
  "enum",
  "enum-value",
  "domain",
  "composite",
  "attribute",
  "sequence",
  "table",
  "column",
  "view",
  "constraint",
  "index",
] as const;

/** A thing in a schema that a person can point at. `member` is the part of an object (a column, a value), else `null`. */
export interface Place {
  readonly kind: PlaceKind;
  readonly object: ObjectName;
  readonly member: string | null;
}

/**
 * A rename that a person has decided on, in the notation of `place.ts`: `persons.name` to `persons.full_name`.
 * `from` is a name before any rename, `to` one after all of them. `kind` is needed only where the name could be
 * two things.
 */
export interface Rename {
  readonly kind?: PlaceKind;
  readonly from: string;
  readonly to: string;
}

export interface DiffOptions {
  /** From the dialect: the texts differ only in spelling that never has a meaning. */
  sameExpression(a: Expression, b: Expression): boolean;
  /** Slots whose texts are known to mean the same. */
  readonly equivalent?: ReadonlySet<Slot>;
  readonly renames?: readonly Rename[];
  /** What a person has said is really dropped, in the notation of `place.ts`. */
  readonly drops?: readonly string[];
  /** From the dialect: gives type changes that need one a `using`. */
  readonly castExpression?: CastExpression;
  /** From the dialect: a defined object can take the place of another without dropping it; absent is never. */
  canReplace?(from: Defined, to: Defined): boolean;
  readonly can?: {
    /** Without it comments are no difference; default true. */
    readonly comments?: boolean;
    /** A foreign key may be made before the table and the key it points at; default false. */
    readonly forwardReferences?: boolean;
    /** Objects have privileges, which go with them; default false. */
    readonly grants?: boolean;
    /** A column that becomes NOT NULL and gets a new default in one op has it wherever it had NULL; default false. */
    readonly fillsNulls?: boolean;
    /**
     * The engine names the NOT NULL and the sequence of a column, and keeps these names when the table is renamed: one
     * that `to` does not say is no difference; default false.
     */
    readonly keepsNames?: boolean;
    /** What uses a column is in the way of another collation as it is of another type; default false. */
    readonly collationIsType?: boolean;
    /** What the default namespace may be called where a person names something in it. */
    readonly defaultNamespace?: string | null;
    /** The comment of the default namespace where a schema does not tell of it; default none. */
    readonly defaultNamespaceComment?: string | null;
  };
}

/** A drop and an add that look like a rename. Only a person knows, and either flag decides it. */
export interface RenameCandidate {
  readonly kind: PlaceKind;
  /** In the notation of `place.ts`, as `--rename` takes it. */
  readonly from: string;
  readonly to: string;
  /** From 0 to 1; candidates come best first. */
  readonly score: number;
  /** `Was persons.name renamed to persons.full_name, or is it dropped?` */
  readonly question: string;
  /** `--rename persons.name:persons.full_name` and `--drop persons.name`, quoted for a shell where needed. */
  readonly flags: readonly [rename: string, drop: string];
  /** The two are in two namespaces. */
  readonly moves?: true;
}

export interface DiffResult {
  /** In an order in which they always run. */
  readonly ops: readonly Op[];
  /**
   * Places in which only the texts of expressions differ. `ops` treats them as changed; an engine may know better
   * (`Dialect.equivalent`).
   */
  readonly unclear: readonly Slot[];
  /** Undecided: as long as there are any, `ops` may lose data that a rename would keep. */
  readonly renameCandidates: readonly RenameCandidate[];
  /** Sentences for a person about what the ops may fail at or lose. */
  readonly warnings: readonly string[];
}

/** Asks an engine which of the slots mean the same in `a` and `b`. */
export type AskEngine = (
  a: Schema,
  b: Schema,
  slots: readonly Slot[],
) => Promise<{ readonly same: ReadonlySet<Slot>; readonly undecided: ReadonlyMap<Slot, string> }>;
