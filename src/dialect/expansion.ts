import type { Op } from "../op/op.js";
import type { ObjectName } from "../schema/name.js";
import type { Expression } from "../schema/schema.js";

/** A change that running code cannot live with, so that it takes several deploys. */
export type LongChange =
  | {
      readonly kind: "rename-column";
      readonly table: ObjectName;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: "change-type";
      readonly table: ObjectName;
      readonly column: string;
      /** How old values become new ones; `null` where an assignment does it. */
      readonly using: Expression | null;
      /** The same of the way back; absent where there is no way back. */
      readonly back?: Expression | null;
    };

/** One of the revisions that a change is made of. */
export interface Phase {
  readonly upgrade: readonly Op[];
  /** A string is the reason why there is no way back. */
  readonly downgrade: readonly Op[] | string;
}

/**
 * A change in three revisions: what is added, so that old and new code can both work; the rows that are there; what is
 * taken away when no old code runs any more.
 */
export interface Expansion {
  readonly expand: Phase;
  readonly backfill: Phase;
  readonly contract: Phase;
}
