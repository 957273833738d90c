import type { Hint } from "../../check/read-hints.js";
import { shortPath } from "../../error/format.js";
import type { Context } from "../context.js";

function place(context: Context, { file, line }: Hint): string {
  return `${shortPath(file, context.cwd)}:${line}`;
}

/** Names the hints in the models that have done their work. */
export function warnSpent(context: Context, hints: readonly Hint[]): void {
  for (const hint of hints) {
    const warning = context.out.style("yellow", "warning:");
    context.out.warn(
      `${warning} ${place(context, hint)}: the hint "rename ${hint.text}" is no longer needed, delete it`,
    );
  }
}

/** Says of the hints that a new revision has taken up that they can go. */
export function tellTaken(context: Context, hints: readonly Hint[]): void {
  for (const hint of hints) {
    context.out.talk(
      `${place(context, hint)}: the revision has "rename ${hint.text}" now, the hint can be deleted`,
    );
  }
}
