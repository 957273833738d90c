import { constraintUses, indexUses, scopeOf } from "../op/dependents.js";
import { sameIndex } from "../schema/equal.js";
import { isKey } from "../schema/key.js";
import type { Constraint, Index, Table } from "../schema/schema.js";
import { loseKey } from "./constraint.js";
import { keyColumns } from "./index.js";
import { isSameConstraint } from "./same-constraint.js";
import { keptHeirs, touchedOf, type Work } from "./work.js";

/**
 * Fills `lostKeys` with the keys that partitions and heirs will not keep. What becomes of these is found after that of all
 * other tables, whose foreign keys may point at them. Needs `touched`.
 */
export function foreseeLostKeys(work: Work): void {
  for (const { from, to } of keptHeirs(work)) {
    if (from.constraints === to.constraints && from.indexes === to.indexes && !work.touched.size) continue;
    for (const columns of lostKeys(work, from, to)) loseKey(work, to, columns);
  }
}

function lostKeys(work: Work, from: Table, to: Table): readonly (readonly string[])[] {
  const { gone, held } = touchedOf(work, to);
  const moving = [...gone, ...held];
  const scope = scopeOf(from);
  const ofConstraints = from.constraints.flatMap((one) => {
    if (one.kind !== "primary-key" && one.kind !== "unique") return [];
    const stays =
      !moving.some((column) => constraintUses(one, scope, column)) &&
      to.constraints.some((other) => isSameConstraint(work, to, bare(one), bare(other), false));
    return stays ? [] : [one.columns];
  });
  const ofIndexes = from.indexes.flatMap((one) => {
    const columns = keyColumns(one);
    if (columns === null) return [];
    const stays =
      !moving.some((column) => indexUses(one, scope, column)) &&
      to.indexes.some((other) => sameIndex(unattached(one), unattached(other), work.options.sameExpression));
    return stays ? [] : [columns];
  });
  return [...ofConstraints, ...ofIndexes];
}

/** What it is of the parent's may be called otherwise by then. */
function bare(constraint: Constraint): Constraint {
  if (!isKey(constraint) || constraint.index?.attachedTo === undefined) return constraint;
  const { attachedTo: _, ...index } = constraint.index;
  const { index: __, ...rest } = constraint;
  return (Object.keys(index).length === 0 ? rest : { ...rest, index }) as Constraint;
}

function unattached({ attachedTo: _, ...index }: Index): Index {
  return index;
}
