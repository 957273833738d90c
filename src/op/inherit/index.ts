import { sameIndex } from "../../schema/equal.js";
import { isKey } from "../../schema/key.js";
import { type ObjectName, sameName } from "../../schema/name.js";
import type { Index, SchemaDraft, Table } from "../../schema/schema.js";
import { generatedIndexName } from "../generated-name.js";
import { columnsOfIndex, giveIndexColumns } from "../index-columns.js";
import { forgetIndexes } from "../index-options.js";
import { childrenOf, putIndexed, takenIn } from "../lookup.js";

/** What the engine looks at of an index that a partition has, before it makes it a part of its parent's (`CompareIndexInfo`). */
function bareIndex({ attachedTo: _a, only: _o, tablespace: _t, statistics: _s, ...index }: Index): Index {
  const keys = index.keys.map((key) => ({ ...key, order: "asc", nulls: "last" }) as const);
  return { ...index, keys, parameters: {} };
}

/** The index of a partition is one like its parent's, but for the name and the comment. */
export function isCloneOf(parent: Index, index: Index): boolean {
  const bare = ({ attachedTo: _a, only: _o, ...rest }: Index): Index => rest;
  return sameIndex(bare(parent), bare(index));
}

/** The indexes that a partition has from its parent, and not as the engine gives them to a new one: without statistics targets. */
export function strangeCopies(parent: Table, partition: Table): readonly Index[] {
  return partition.indexes.filter((index) => {
    const whole = parent.indexes.find((one) => one.name === index.attachedTo?.name);
    if (whole === undefined) return false;
    const { statistics: _, ...given } = whole;
    return !isCloneOf(given, index);
  });
}

/** A statistics target that is set for an index of a partitioned table goes to all that are parts of it by then. */
export function passStatistics(draft: SchemaDraft, parent: Table, { name, statistics }: Index): void {
  if (statistics === undefined) return;
  for (const child of childrenOf(draft, parent)) {
    const copy = attachedIndex(parent, child, name);
    if (copy === undefined) continue;
    const now = { ...copy, statistics: { ...copy.statistics, ...statistics } };
    const indexes = child.indexes.map((one) => (one === copy ? now : one));
    putIndexed(draft, { ...child, indexes });
    passStatistics(draft, child, { ...copy, statistics });
  }
}

/** Gives an index of a partitioned table to one partition and those under it; statistics targets stay with the table's own. */
export function giveIndex(draft: SchemaDraft, parent: Table, child: Table, given: Index): void {
  if (child.partition === undefined) return;
  const { statistics: _, ...index } = given;
  const attachedTo = { namespace: parent.namespace, name: index.name };
  const old = child.indexes.find(
    (one) => one.attachedTo === undefined && sameIndex(bareIndex(one), bareIndex(index)),
  );
  const copy: Index =
    old === undefined
      ? {
          ...index,
          name: generatedIndexName(
            child.name,
            columnsOfIndex(parent, given),
            takenIn(draft, child.namespace),
          ),
          comment: null,
          concurrently: false,
          attachedTo,
        }
      : { ...old, attachedTo };
  const indexes =
    old === undefined ? [...child.indexes, copy] : child.indexes.map((one) => (one === old ? copy : one));
  const after = {
    ...giveIndexColumns(parent, old === undefined ? given.name : null, child, copy.name),
    indexes,
  };
  putIndexed(draft, after);
  if (old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveIndex(draft, after, next, copy);
}

/** The index of a partition that is part of one of its parent's. */
export function attachedIndex(parent: ObjectName, child: Table, index: string): Index | undefined {
  const name = { namespace: parent.namespace, name: index };
  return child.indexes.find((one) => one.attachedTo !== undefined && sameName(one.attachedTo, name));
}

/** Takes from partitions what they have of an index that the parent no longer has. */
export function takeIndex(draft: SchemaDraft, parent: ObjectName, index: string): void {
  for (const child of childrenOf(draft, parent)) {
    const copy = attachedIndex(parent, child, index);
    if (copy === undefined) continue;
    const left = forgetIndexes(child, (name) => name === copy.name);
    putIndexed(draft, { ...left, indexes: child.indexes.filter((one) => one !== copy) });
    takeIndex(draft, child, copy.name);
  }
}

/** Indexes and keys of partitions are attached to one that has another name now. */
export function renameAttached(draft: SchemaDraft, parent: ObjectName, from: string, to: string): void {
  const [old, now] = [from, to].map((name) => ({ namespace: parent.namespace, name }));
  if (old === undefined || now === undefined) return;
  const moved = <T extends { readonly attachedTo?: ObjectName }>(one: T): T =>
    one.attachedTo !== undefined && sameName(one.attachedTo, old) ? { ...one, attachedTo: now } : one;
  for (const child of childrenOf(draft, parent)) {
    putIndexed(draft, {
      ...child,
      indexes: child.indexes.map(moved),
      constraints: child.constraints.map((one) =>
        isKey(one) && one.index !== undefined ? { ...one, index: moved(one.index) } : one,
      ),
    });
  }
}
