import type { Effect } from "../effect/effect.js";
import { blocks, isAtLeast, type LockMode, rankOf } from "../effect/lock.js";
import type { Relation, RelationId, World } from "../effect/world.js";
import { showRelation } from "../effect/world.js";

/** Relations whose data is read, checked or written from end to end. */
export function workOn(effect: Effect): ReadonlySet<RelationId> {
  return new Set([...effect.rewrites, ...effect.scans, ...effect.indexBuilds, ...effect.foreignKeyChecks]);
}

/** Relations that nobody can write to while the statement works on them. */
export function blockedWork(effect: Effect): readonly RelationId[] {
  return [...workOn(effect)].filter((id) => {
    const mode = effect.locks.get(id);
    return mode !== undefined && isAtLeast(mode, "SHARE");
  });
}

/** The strongest lock of an effect. */
export function strongestLock(effect: Effect): LockMode {
  const modes = [...effect.locks.values()];
  return modes.reduce<LockMode>((a, b) => (rankOf(b) > rankOf(a) ? b : a), "ACCESS SHARE");
}

/** `Nobody can read or write`, to go before a name. */
export function nobodyCan(mode: LockMode): string {
  return blocks(mode) === "reads and writes" ? "Nobody can read or write" : "Nobody can write to";
}

/** `public.a, public.b and 3 more`. */
export function showAll(relations: readonly Relation[]): string {
  const names = [...new Set(relations.map(showRelation))].sort();
  if (names.length <= 1) return names.join("");
  const shown = names.length <= 3 ? names.slice(0, -1) : names.slice(0, 2);
  const last = names.length <= 3 ? names.at(-1) : `${names.length - 2} more`;
  return `${shown.join(", ")} and ${last}`;
}

/** The table, and how many partitions or heirs go with it. */
export function showTable(world: World, table: Relation): string {
  const below = [...table.children].flatMap((id) => world.relations.get(id) ?? []);
  const children = below.length;
  const divided = table.kind === "partitioned-table" || below.some(({ bound }) => bound !== null);
  const word = divided ? "partition" : "heir";
  if (children === 0) return showRelation(table);
  return `${showRelation(table)} and its ${children === 1 ? word : `${children} ${word}s`}`;
}
