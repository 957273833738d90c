import type { Walk } from "../../dialect/backfill.js";
import type { Op } from "../../op/op.js";
import type { Revision } from "../../revision/revision.js";
import type { ObjectName } from "../../schema/name.js";
import type { RunContext } from "../run-context.js";
import type { BackfillKey, Standing } from "./state.js";
import type { Throttle } from "./throttle.js";

/** A backfill to carry out. */
export interface BackfillWork {
  readonly revision: Revision;
  readonly op: Op<"backfill">;
  readonly key: BackfillKey;
  /** Is told what becomes of its parts. */
  readonly heard: {
    /** A part is committed that changed so many rows. */
    wrote(rows: number): void;
    /** A part gave way to others, after so long. */
    gaveWay(milliseconds: number): void;
  };
}

/** A backfill on its way. */
export interface Running extends BackfillWork {
  readonly context: RunContext;
  readonly table: ObjectName;
  readonly walk: Walk;
  readonly most: number;
  readonly throttle: Throttle;
  standing: Standing;
  /** Rows of this pass that `where` still fits though they were written. */
  again: number;
  /** How often parts have given way since one succeeded. */
  tries: number;
}
