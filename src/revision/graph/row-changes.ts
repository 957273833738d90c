import { ancestors, maximal, rowNodes } from "./closure.js";
import type { Graph } from "./graph.js";
import type { RevisionPlan } from "./plan-revisions.js";

/** What one step does to the version table. Deleting first and then inserting is always right. */
export interface RowChange {
  readonly delete: readonly string[];
  readonly insert: readonly string[];
}

/**
 * The changes of the version table, one for each step of a plan, so that it is right after every step and not only
 * at the end. In linear time. Throws `database-revision-unknown`.
 */
export function rowChanges(
  graph: Graph,
  rows: readonly string[],
  steps: RevisionPlan["steps"],
): readonly RowChange[] {
  const given = rowNodes(graph, rows);
  const applied = ancestors(given);
  const tops = new Set(maximal(applied));
  // Rows that a foreign hand left below others go with the first step.
  let stale = given.filter((node) => !tops.has(node)).map((node) => node.id);
  const shown = new Set(rows);
  return steps.map((step) => {
    if (step[0] === "stamp") return stampChange(step[1], step[2], shown);
    const node = graph.nodes.get(step[1]);
    if (node === undefined) return { delete: [], insert: [] };
    if (step[0] === "up") applied.add(node);
    else applied.delete(node);
    const change = { delete: stale, insert: [] as string[] };
    stale = [];
    for (const each of [node, ...node.requires]) {
      const isTop = applied.has(each) && !each.requiredBy.some((above) => applied.has(above));
      if (isTop === tops.has(each)) continue;
      if (isTop) {
        tops.add(each);
        change.insert.push(each.id);
      } else {
        tops.delete(each);
        change.delete.push(each.id);
      }
    }
    return change;
  });
}

/** `shown` are the rows so far; a row that gave way to one revision cannot give way to a second. */
function stampChange(from: readonly string[], to: readonly string[], shown: Set<string>): RowChange {
  const change = {
    delete: from.filter((row) => shown.has(row)),
    insert: to.filter((row) => !shown.has(row)),
  };
  for (const row of change.delete) shown.delete(row);
  for (const row of change.insert) shown.add(row);
  return change;
}
