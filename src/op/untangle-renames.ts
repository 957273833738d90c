import { nameKey } from "../schema/name.js";
import type { Op } from "./op.js";

/** A rename of a part of a table that shares its name with others of the namespace. */
export type Rename = Op<"rename-index"> | Op<"rename-constraint">;

function oldName(op: Rename): string {
  return op.kind === "rename-index" ? op.index : op.constraint;
}

function under(op: Rename, name: string): string {
  return nameKey({ namespace: op.table.namespace, name });
}

function parted(op: Rename, between: string): readonly [Rename, Rename] {
  return op.kind === "rename-index"
    ? [
        { ...op, to: between },
        { ...op, index: between },
      ]
    : [
        { ...op, to: between },
        { ...op, constraint: between },
      ];
}

/**
 * Renames of indexes and constraints in an order in which each new name is free. Where they go round in a circle, one
 * is first given a name that nobody has; `taken` knows all that there are.
 */
export function untangleRenames(
  renames: readonly Rename[],
  taken: (key: string) => boolean,
): readonly Rename[] {
  const result: Rename[] = [];
  const waiting = new Map(renames.map((op) => [under(op, oldName(op)), op]));
  const mentioned = new Set(renames.flatMap((op) => [under(op, oldName(op)), under(op, op.to)]));
  while (waiting.size > 0) {
    const free = [...waiting].filter(([, op]) => !waiting.has(under(op, op.to)));
    for (const [key, op] of free) {
      result.push(op);
      waiting.delete(key);
    }
    const [circle] = waiting;
    if (free.length > 0 || circle === undefined) continue;
    const [key, op] = circle;
    let number = 1;
    const isFree = (name: string) => !mentioned.has(under(op, name)) && !taken(under(op, name));
    while (!isFree(`renaming_${number}`)) number++;
    const [first, second] = parted(op, `renaming_${number}`);
    mentioned.add(under(op, `renaming_${number}`));
    result.push(first);
    waiting.delete(key);
    waiting.set(under(op, `renaming_${number}`), second);
  }
  return result;
}
