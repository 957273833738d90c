import type { Expansion, ExpansionContext, LongChange } from "../../expansion.js";
import { expandTypeChange } from "./change-type.js";
import { expandDrop } from "./drop-column.js";
import { expandRename } from "./rename-column.js";
import { expandTableRename } from "./rename-table.js";
import { expandRequired } from "./require-column.js";

/**
 * The revisions that make a change while old and new code run side by side.
 *
 * @returns a sentence where there are none
 */
export function expand(change: LongChange, context: ExpansionContext): Expansion | string {
  switch (change.kind) {
    case "rename-table":
      return expandTableRename(change, context);
    case "rename-column":
      return expandRename(change, context);
    case "change-type":
      return expandTypeChange(change, context);
    case "drop-column":
      return expandDrop(change, context);
    case "require-column":
      return expandRequired(change, context);
  }
}
