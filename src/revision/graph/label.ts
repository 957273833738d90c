import { descendants } from "./closure.js";
import { type Graph, isMergePoint } from "./graph.js";
import type { GraphNode } from "./node.js";

/**
 * The revisions that a branch label covers: the one that carries it, all its descendants, and its ancestors back to
 * the branch point or merge point where its line began (that point not included).
 */
export function labelMembers(graph: Graph, label: string): ReadonlySet<GraphNode> {
  const carrier = graph.labels.get(label);
  if (carrier === undefined) return new Set();
  const members = descendants([carrier], "revises");
  let node: GraphNode | undefined = carrier;
  while (node !== undefined && !isMergePoint(node) && node.requiredBy.length < 2) {
    members.add(node);
    node = node.parents[0];
  }
  return members;
}

/** Every revision's labels, its own and those that cover it, in the order of the labels' revisions. */
export function labelsByRevision(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const label of graph.labels.keys()) {
    for (const { id } of labelMembers(graph, label)) {
      const labels = found.get(id);
      if (labels === undefined) found.set(id, [label]);
      else labels.push(label);
    }
  }
  return found;
}
