import { isKey } from "../op/inherit.js";
import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Constraint, Index, Schema, Table } from "../schema/schema.js";

/** A rename of what is made with a part of the parent, after that. */
export type LateRename = Op<"rename-index"> | Op<"rename-constraint">;

function partsOf(table: Table | undefined): readonly (Constraint | Index)[] {
  return table === undefined ? [] : [...table.constraints, ...table.indexes];
}

/** What of the parent's a part is. */
function attachedTo(part: Constraint | Index): ObjectName | undefined {
  if (!("kind" in part)) return part.attachedTo;
  return isKey(part) ? part.index?.attachedTo : undefined;
}

/**
 * Renames with the names that the engine gives when the renames before them have run, which may have left or taken the name
 * that it would have chosen: `made` is the schema as it is then, `wanted` as it shall be.
 */
export function withMadeNames(
  renames: readonly LateRename[],
  made: Schema,
  wanted: Schema,
): readonly LateRename[] {
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
