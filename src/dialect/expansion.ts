import type { Op } from "../op/op.js";
import type { ObjectName } from "../schema/name.js";
import type { Expression, Schema } from "../schema/schema.js";

/** Changes that running code cannot live with, so that they take several deploys; by kind. */
export interface LongChanges {
  "rename-table": { readonly to: string };
  "rename-column": { readonly column: string; readonly to: string };
  "change-type": {
    readonly column: string;
    /** How old values become new ones; `null` where an assignment does it. */
    readonly using: Expression | null;
    /** The same of the way back; absent where there is no way back. */
    readonly back?: Expression | null;
  };
  "drop-column": {
    readonly column: string;
    /** What the way back gives the column for rows that are there; `null` for nothing, and where it is not known. */
    readonly back: Expression | null;
    /** Why there is no way back; `null` where there is one. */
    readonly irreversible: string | null;
  };
  /** A column that allows no NULL from now on. */
  "require-column": {
    readonly column: string;
    /** It is made, too. */
    readonly isNew: boolean;
    /** What rows have that have nothing; `null` where only a person knows. */
    readonly fill: { readonly sql: Expression; readonly isConstant: boolean } | null;
  };
}

export type LongChangeKind = keyof LongChanges;
export type LongChange<K extends LongChangeKind = LongChangeKind> = {
  [P in K]: { readonly kind: P; readonly table: ObjectName } & LongChanges[P];
}[K];

/** One of the revisions that a change is made of. */
export interface Phase {
  readonly upgrade: readonly Op[];
  /** A string is the reason why there is no way back. */
  readonly downgrade: readonly Op[] | string;
  /** Ops of the way up whose work stays only until the last revision, and what it is there for; but for what is seen without. */
  readonly temporary?: ReadonlyMap<Op, string>;
}

/**
 * A change in up to three revisions: what is added, so that old and new code can both work; the rows that are there; what is
 * taken away when no old code runs any more. `null` for one that has nothing to do.
 */
export interface Expansion {
  readonly expand: Phase;
  readonly backfill: Phase | null;
  readonly contract: Phase;
}

/** What a change is made between. */
export interface ExpansionContext {
  readonly before: Schema;
  readonly after: Schema;
  /** Major version of the oldest server that the revisions are for. */
  readonly oldestServer: number;
}
