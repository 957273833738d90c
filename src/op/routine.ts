import type { Defined, DefinedKind } from "../schema/schema.js";
import { madeName, namesIn } from "./mention.js";
import type { Op } from "./op.js";

/** Has a body that is text: the engine does not know what it speaks of. */
export function isRoutine(kind: DefinedKind): boolean {
  return kind === "function" || kind === "procedure";
}

/** Gives a routine a body. */
export function givesBody(op: Op): op is Op<"create-defined"> | Op<"replace-defined"> {
  return (op.kind === "create-defined" || op.kind === "replace-defined") && isRoutine(op.object.kind);
}

/** The names that a routine may speak of, in lower case, without its own. */
export function spokenOfBy({
  name: own,
  definition,
}: Pick<Defined, "name" | "definition">): readonly string[] {
  return [...namesIn(definition)].filter((name) => name !== own.toLowerCase());
}

/**
 * The ops of a way back, with the bodies unchecked that speak of what comes later: of old names and rows of old types, which
 * are given back last, and of what is only made again.
 */
export function uncheckedWhereEarly(ops: readonly Op[]): readonly Op[] {
  if (!ops.some(givesBody)) return ops;
  const rename = ops.findLastIndex(
    ({ kind }) => kind.startsWith("rename-") || kind === "set-namespace" || kind === "alter-composite",
  );
  const made = new Map<string, number>();
  for (const [place, op] of ops.entries()) {
    const name = madeName(op);
    if (name !== undefined) made.set(name.toLowerCase(), place);
  }
  return ops.map((op, place) => {
    if (!givesBody(op)) return op;
    const isEarly = place < rename || spokenOfBy(op.object).some((name) => (made.get(name) ?? -1) > place);
    return isEarly ? { ...op, unchecked: true as const } : op;
  });
}
