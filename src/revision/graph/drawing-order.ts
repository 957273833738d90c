import type { GraphNode } from "./node.js";

/**
 * Revisions of one graph newest first, in the order in which they are drawn best: each before all that it requires, and
 * each line of development in one piece, whatever the dates of its revisions (as `git log --topo-order`). Linear.
 */
export function drawingOrder(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const shown = new Set(nodes);
  const waiting = new Map<GraphNode, number>();
  for (const node of nodes) waiting.set(node, node.requiredBy.filter((above) => shown.has(above)).length);
  const newestLast = (some: readonly GraphNode[]) => [...some].sort((a, b) => a.position - b.position);
  const ready = newestLast(nodes.filter((node) => waiting.get(node) === 0));
  const order: GraphNode[] = [];
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    const node = at;
    order.push(node);
    const free: GraphNode[] = [];
    for (const required of node.requires) {
      const left = waiting.get(required);
      if (left === undefined) continue;
      waiting.set(required, left - 1);
      if (left === 1) free.push(required);
    }
    // What it revises goes on in the same column, and therefore comes next.
    const parents = newestLast(free.filter((one) => node.parents.includes(one)));
    ready.push(...newestLast(free.filter((one) => !node.parents.includes(one))), ...parents);
  }
  return order;
}
