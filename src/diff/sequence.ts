import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf } from "../schema/name.js";
import type { Schema, Sequence } from "../schema/schema.js";
import { commentDiffers, touchedOf, type Work } from "./work.js";

function hasOwner(schema: Schema, sequence: Sequence): boolean {
  const { ownedBy } = sequence;
  if (ownedBy === null) return true;
  const table = schema.tables.get(nameKey(ownedBy.table));
  return table?.columns.some((column) => column.name === ownedBy.column) ?? false;
}

/** The column that the sequence belongs to goes away, for good or for a while, and would take it along. */
function ownerGoes(work: Work, sequence: Sequence): boolean {
  const { ownedBy } = sequence;
  if (ownedBy === null) return false;
  const gone = touchedOf(work, ownedBy.table).gone.has(ownedBy.column);
  return gone || !work.to.tables.has(nameKey(ownedBy.table));
}

/** The column that it shall belong to is there now and stays. */
function ownerStands(work: Work, sequence: Sequence): boolean {
  return hasOwner(work.from, sequence) && !ownerGoes(work, sequence);
}

/**
 * Sequences: made before the defaults that draw from them, and given to their column when that exists. One that
 * stays although its column goes is taken from it first. Needs `touched`.
 */
export function diffSequences(work: Work): void {
  for (const [key, to] of work.to.sequences) {
    const from = work.from.sequences.get(key);
    if (from === undefined) createSequence(work, to);
    else diffSequence(work, from, to);
  }
  for (const [key, from] of work.from.sequences) {
    if (work.to.sequences.has(key) || ownerGoes(work, from)) continue;
    work.phases.dropSequences.push({ kind: "drop-sequence", name: nameOf(from) });
  }
}

/** The op says all but the comment, which is an op of its own. */
function alterSequence(sequence: Sequence): Op {
  return { kind: "alter-sequence", sequence: { ...sequence, comment: null } };
}

function createSequence(work: Work, to: Sequence): void {
  const now = ownerStands(work, to);
  const sequence = now ? to : { ...to, ownedBy: null };
  work.phases.sequences.push({ kind: "create-sequence", sequence });
  if (!now) work.phases.ownSequences.push(alterSequence(to));
}

function diffSequence(work: Work, old: Sequence, to: Sequence): void {
  const goes = ownerGoes(work, old);
  const from = goes ? { ...old, ownedBy: null } : old;
  if (goes) work.phases.detachSequences.push(alterSequence(from));
  if (!sameData({ ...from, comment: null }, { ...to, comment: null })) {
    const phase = ownerStands(work, to) ? work.phases.sequences : work.phases.ownSequences;
    phase.push(alterSequence(to));
  }
  if (commentDiffers(work, from, to)) {
    const target = { on: "sequence", name: nameOf(to) } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: to.comment });
  }
}
