import { indexUses, scopeOf } from "../op/dependents.js";
import { isTable } from "../op/lookup.js";
import type { Op } from "../op/op.js";
import { sameData, sameIndex, splitIndex } from "../schema/equal.js";
import { nameKey, nameOf } from "../schema/name.js";
import type { Index, Table, View } from "../schema/schema.js";
import { loseKey } from "./constraint.js";
import { diffOptions } from "./index-options.js";
import { matchParts } from "./match.js";
import type { IsTaken } from "./taken-names.js";
import { commentDiffers, sameSplit, touchedOf, type Work } from "./work.js";

/** `concurrently` only on a table that already has rows: on a new one it would only break the transaction up. */
export function createIndex(owner: Table | View, index: Index, isNew: boolean): Op {
  const op = { kind: "create-index", table: nameOf(owner), index } as const;
  return index.concurrently && !isNew ? { ...op, concurrently: true } : op;
}

/** The columns that foreign keys may point at through this index; `null` when none can. */
export function keyColumns(index: Index): readonly string[] | null {
  if (!index.unique || index.where !== null) return null;
  const columns = index.keys.map((key) => key.column);
  return columns.every((column) => column !== null) ? columns : null;
}

function same(work: Work, owner: Table | View, from: Index, to: Index, named: boolean): boolean {
  if (from === to) return true;
  if (!named) return sameIndex(from, to, work.options.sameExpression);
  const place = { object: owner, part: "index", name: to.name } as const;
  return sameSplit(work, place, splitIndex(from), splitIndex(to));
}

/**
 * Indexes of a kept table or materialised view, and its options, which may name them. Needs `touched` and the
 * constraints, fills `lostKeys`. `taken` knows the names of all
 * indexes there were: a name that is not free yet cannot be given to another index.
 */
export function diffIndexes<T extends Table | View>(work: Work, from: T, to: T, taken: IsTaken): void {
  if (work.touched.has(nameKey(to)) || !sameData(from.indexes, to.indexes))
    matchIndexes(work, from, to, taken);
  diffOptions(work, from, to);
}

const none: ReadonlySet<string> = new Set();

function matchIndexes<T extends Table | View>(work: Work, from: T, to: T, taken: IsTaken): void {
  const touched = touchedOf(work, to);
  const gone = new Set([...touched.gone, ...touched.held]);
  // The engine makes an index over a column of another type anew, and forgets the targets of its keys.
  const forgetful = from.indexes.some(({ statistics }) => statistics !== undefined) ? touched.retyped : none;
  const scope = gone.size + forgetful.size > 0 && isTable(from) ? scopeOf(from) : null;
  const uses = (index: Index, columns: ReadonlySet<string>) =>
    scope !== null && [...columns].some((column) => indexUses(index, scope, column));
  const matches = matchParts<Index>(from.indexes, to.indexes, {
    same: (old, now, named) => same(work, to, old, now, named),
    nameless: () => false,
    attached: ({ attachedTo }) => (attachedTo === undefined ? null : nameKey(attachedTo)),
    // That of a partition goes with its parent's, and is the one that came with the new one.
    mustGo: (index) =>
      index.attachedTo === undefined &&
      (uses(index, gone) || (index.statistics !== undefined && uses(index, forgetful))),
    free: (name) => !taken(nameKey({ namespace: to.namespace, name })),
  });
  const table = nameOf(to);
  for (const index of matches.removed) {
    work.phases.dropIndexes.push({ kind: "drop-index", table, index: index.name });
    const columns = keyColumns(index);
    if (columns !== null && isTable(to)) loseKey(work, to, columns);
  }
  for (const index of matches.added) work.phases.createIndexes.push(createIndex(to, index, false));
  for (const [old, now] of matches.renamed) {
    work.phases.renameParts.push({ kind: "rename-index", table, index: old.name, to: now.name });
  }
  for (const [old, now] of [...matches.same, ...matches.renamed]) {
    if (!commentDiffers(work, old, now)) continue;
    const target = { on: "index", table, name: now.name } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: now.comment });
  }
}
