import type { Lineage } from "./lineage.js";

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames that lead from the names of a rebuilt table (old columns under their old names, so that views and triggers
 * still fit) to the final ones, in an order in which no name is taken twice. Swaps go through a name of our own.
 */
export function renamePlan(lineage: ReadonlyMap<string, Lineage>): readonly Rename[] {
  const oldNames = new Set([...lineage.values()].flatMap(({ old }) => (old === null ? [] : [old])));
  const taken = new Set([...oldNames, ...lineage.keys()]);
  const fresh = (name: string): string => {
    let free = `aludel_${name}`;
    while (taken.has(free)) free += "_";
    taken.add(free);
    return free;
  };
  let pending = [...lineage].map(([to, { old }]): Rename => {
    if (old !== null) return { from: old, to };
    // A new column whose name an old one still has waits under another name.
    return { from: oldNames.has(to) && lineage.get(to)?.old !== to ? fresh(to) : to, to };
  });
  pending = pending.filter(({ from, to }) => from !== to);
  const plan: Rename[] = [];
  while (pending.length > 0) {
    const names = new Set(pending.map(({ from }) => from));
    const next = pending.find(({ to }) => !names.has(to));
    if (next !== undefined) {
      plan.push(next);
      pending = pending.filter((one) => one !== next);
      continue;
    }
    const [first, ...rest] = pending;
    if (first === undefined) break;
    const free = fresh(first.from);
    plan.push({ from: first.from, to: free });
    pending = [...rest, { from: free, to: first.to }];
  }
  return plan;
}
