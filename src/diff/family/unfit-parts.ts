import { attachedTo, partsOf } from "../../op/restore-names.js";
import { sameConstraint, sameData, sameIndex } from "../../schema/equal.js";
import { nameKey, nameOf } from "../../schema/name.js";
import type { Constraint, Index, Schema, Table } from "../../schema/schema.js";
import { dropConstraint } from "../constraint.js";
import type { Work } from "../work.js";

/**
 * The engine makes an index or key that a partition has a part of a new one of its parent, also where it shall be another one in
 * what the engine does not look at, such as parameters. Such a one goes before that, and comes anew with the parent's. Says
 * whether there are any.
 */
export function dropUnfit(work: Work, now: Schema, generation: readonly Table[]): boolean {
  const unfit = generation.flatMap((to) =>
    takenUp(work, now, to)
      .filter((part) => !fits(work, part, to))
      .map((part) => ({ to, part })),
  );
  for (const { to, part } of unfit) {
    if ("kind" in part) work.phases.dropConstraints.push(dropConstraint(to, part));
    else work.phases.dropIndexes.push({ kind: "drop-index", table: nameOf(to), index: part.name });
  }
  return unfit.length > 0;
}

/** What was the table's own and is a part of its parent's now. */
function takenUp(work: Work, now: Schema, to: Table): readonly (Constraint | Index)[] {
  const [before, after] = [work.from, now].map(({ tables }) => partsOf(tables.get(nameKey(to))));
  const alone = new Set(before?.filter(isAlone).map(({ name }) => name));
  return after?.filter((one) => alone.has(one.name) && !isAlone(one)) ?? [];
}

function fits({ options: { sameExpression } }: Work, part: Constraint | Index, to: Table): boolean {
  const wanted = partsOf(to).find((one) => sameData(attachedTo(one), attachedTo(part)));
  if (wanted === undefined) return true;
  if ("kind" in part) return "kind" in wanted && sameConstraint(part, wanted, sameExpression);
  return !("kind" in wanted) && sameIndex(part, wanted, sameExpression);
}

function isAlone(part: Constraint | Index): boolean {
  return attachedTo(part) === undefined;
}
