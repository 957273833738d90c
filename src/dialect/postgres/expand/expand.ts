import type { Schema } from "../../../schema/schema.js";
import type { Expansion, LongChange } from "../../expansion.js";
import { expandTypeChange } from "./change-type.js";
import { expandRename } from "./rename-column.js";

/**
 * The revisions that make a change while old and new code run side by side, from the schemas before and after it.
 *
 * @returns a sentence where there are none
 */
export function expand(change: LongChange, before: Schema, after: Schema): Expansion | string {
  switch (change.kind) {
    case "rename-column":
      return expandRename(change, before);
    case "change-type":
      return expandTypeChange(change, before, after);
  }
}
