import type { Schema } from "../schema/schema.js";
import type { Slot } from "../schema/slot.js";

/** Asks the engine which places of two schemas mean the same although their texts differ. */
export type Ask = (
  a: Schema,
  b: Schema,
  slots: readonly Slot[],
) => Promise<{ readonly same: ReadonlySet<Slot>; readonly undecided: ReadonlyMap<Slot, string> }>;
