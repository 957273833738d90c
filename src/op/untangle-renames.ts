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
  // Constraints without an index have names of their tables: partitions may have the same one.
  const waiting = new Set(renames);
  const mentioned = new Set(renames.flatMap((op) => [under(op, oldName(op)), under(op, op.to)]));
  while (waiting.size > 0) {
    const old = new Set([...waiting].map((op) => under(op, oldName(op))));
    const free = [...waiting].filter((op) => !old.has(under(op, op.to)));
    for (const op of free) {
      result.push(op);
      waiting.delete(op);
    }
    const [circle] = waiting;
    if (free.length > 0 || circle === undefined) continue;
    let number = 1;
    const isFree = (name: string) => !mentioned.has(under(circle, name)) && !taken(under(circle, name));
    while (!isFree(`renaming_${number}`)) number++;
    const [first, second] = parted(circle, `renaming_${number}`);
    mentioned.add(under(circle, `renaming_${number}`));
    result.push(first);
    waiting.delete(circle);
    waiting.add(second);
  }
  return result;
}
