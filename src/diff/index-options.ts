import { followIndex, forgetIndexes, namedIndexes, optionsOf } from "../op/index-options.js";
import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { nameOf, type ObjectName, sameName } from "../schema/name.js";
import type { Table, View } from "../schema/schema.js";
import type { Work } from "./work.js";

/** What happens to the indexes and keys of a table before its options are set. */
function happens({ phases }: Work, table: ObjectName): readonly Op[] {
  const { dropConstraints, dropIndexes, renameParts } = phases;
  return [...dropIndexes, ...dropConstraints, ...renameParts].filter(
    (op) => "table" in op && !("columns" in op.table) && sameName(op.table as ObjectName, table),
  );
}

/** The old table as it is when its indexes are dropped and renamed: the engine forgets and follows by itself. */
function afterwards<T extends Table | View>(work: Work, from: T, to: T): T {
  let now = from;
  for (const op of happens(work, to)) {
    if (op.kind === "drop-index") now = forgetIndexes(now, (index) => index === op.index);
    if (op.kind === "rename-index") now = followIndex(now, op.index, op.to);
    if (op.kind === "rename-constraint") now = followIndex(now, op.constraint, op.to);
    if (op.kind !== "drop-constraint") continue;
    const name = typeof op.constraint === "string" ? op.constraint : op.constraint.name;
    now = forgetIndexes(now, (index) => index === name);
  }
  return now;
}

/**
 * Options of a table or materialised view. Those that name an index are set when it is there, and again when it was
 * made anew. Needs the ops of the constraints and indexes.
 */
export function diffOptions<T extends Table | View>(work: Work, from: T, to: T): void {
  const now = namedIndexes(from.options).length === 0 ? from : afterwards(work, from, to);
  if (sameData(now.options, to.options)) return;
  const phase = namedIndexes(to.options).length === 0 ? work.phases.tableOptions : work.phases.addForeignKeys;
  phase.push({ kind: "alter-table-options", name: nameOf(to), options: optionsOf(to) });
}
