import type { LeftOut } from "../../filter/filter.js";
import { countLeftOut } from "../../filter/left-out.js";
import type { Context } from "../context.js";

/** Each once, whichever side of a diff had it. */
export function mergeLeftOut(...lists: readonly (readonly LeftOut[])[]): readonly LeftOut[] {
  return [...new Map(lists.flat().map((one) => [`${one.kind} ${one.name}`, one])).values()];
}

/** Says how much was left out by what, and with `--verbose` what it was. */
export function tellLeftOut({ out, verbose }: Context, objects: readonly LeftOut[]): void {
  if (objects.length === 0) return;
  out.talk(
    `Ignored: ${objects.length} ${objects.length === 1 ? "object" : "objects"} (${countLeftOut(objects)})${verbose ? ":" : "; -v names them"}`,
  );
  if (!verbose) return;
  for (const { kind, name, because } of objects) {
    out.talk(`  ${kind.replaceAll("-", " ")} ${name}: ${because}`);
  }
}
