import { attachedTo, partsOf } from "../op/restore-names.js";
import type { Rename } from "../op/untangle-renames.js";
import { sameData } from "../schema/equal.js";
import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";

/**
 * Renames with the names that the engine gives when the renames before them have run, which may have left or taken the name
 * that it would have chosen: `made` is the schema as it is then, `wanted` as it shall be.
 */
export function withMadeNames(renames: readonly Rename[], made: Schema, wanted: Schema): readonly Rename[] {
  return renames.flatMap((op) => {
    const key = nameKey(op.table);
    const part = partsOf(wanted.tables.get(key)).find(({ name }) => name === op.to);
    const of = part && attachedTo(part);
    const now = of && partsOf(made.tables.get(key)).find((one) => sameData(attachedTo(one), of));
    if (now?.name == null) return [op];
    if (now.name === op.to) return [];
    return [op.kind === "rename-index" ? { ...op, index: now.name } : { ...op, constraint: now.name }];
  });
}
