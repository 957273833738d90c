import { AludelError } from "../../error/error.js";
import { suggest } from "../../error/suggest.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";

/** Which edges a walk follows: `revises` alone, or `dependsOn` as well. */
export type Edges = "revises" | "all";

/** Everything reachable from the starts, with the starts. */
function reach(starts: Iterable<GraphNode>, next: (node: GraphNode) => readonly GraphNode[]): Set<GraphNode> {
  const seen = new Set(starts);
  const open = [...seen];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const neighbour of next(node)) {
      if (seen.has(neighbour)) continue;
      seen.add(neighbour);
      open.push(neighbour);
    }
  }
  return seen;
}

/** These revisions and all below them. */
export function ancestors(nodes: Iterable<GraphNode>, edges: Edges = "all"): Set<GraphNode> {
  return reach(nodes, edges === "all" ? (node) => node.requires : (node) => node.parents);
}

/** These revisions and all above them. */
export function descendants(nodes: Iterable<GraphNode>, edges: Edges = "all"): Set<GraphNode> {
  return reach(nodes, edges === "all" ? (node) => node.requiredBy : (node) => node.children);
}

/** The lineage of some revisions: they, all below and all above; no cousins. */
export function lineage(nodes: readonly GraphNode[], edges: Edges = "revises"): Set<GraphNode> {
  return new Set([...ancestors(nodes, edges), ...descendants(nodes, edges)]);
}

/** The revisions of a set that no other of the set requires. */
export function maximal(nodes: ReadonlySet<GraphNode>): GraphNode[] {
  return [...nodes].filter((node) => !node.requiredBy.some((above) => nodes.has(above)));
}

/** A pair of which the second is below the first, or `null` when the revisions are all beside each other. */
export function overlap(nodes: readonly GraphNode[]): readonly [GraphNode, GraphNode] | null {
  const all = ancestors(nodes);
  const lower = nodes.find((node) => node.requiredBy.some((above) => all.has(above)));
  if (lower === undefined) return null;
  const above = descendants(lower.requiredBy);
  const upper = nodes.find((node) => above.has(node));
  return upper === undefined ? null : [upper, lower];
}

/**
 * The revisions that the rows of a version table stand for: they and all that they require.
 * Throws `database-revision-unknown`.
 */
export function closure(graph: Graph, rows: Iterable<string>): ReadonlySet<string> {
  return new Set([...ancestors(rowNodes(graph, rows))].map((node) => node.id));
}

/**
 * The rows of the version table for a set of applied revisions: those that no other of the set requires, sorted.
 * Throws `database-revision-unknown`.
 */
export function frontier(graph: Graph, applied: Iterable<string>): readonly string[] {
  return rowsOf(maximal(new Set(rowNodes(graph, applied))));
}

/** Rows as ids, sorted by code unit, so that the order in which a database returns them counts for nothing. */
export function rowsOf(nodes: Iterable<GraphNode>): readonly string[] {
  return [...nodes].map((node) => node.id).sort();
}

/** The revisions named by rows of the version table, each once. Throws `database-revision-unknown`. */
export function rowNodes(graph: Graph, rows: Iterable<string>): readonly GraphNode[] {
  const unique = [...new Set(rows)];
  const unknown = unique.filter((row) => !graph.nodes.has(row));
  if (unknown.length > 0) {
    const near = suggest(unknown[0] ?? "", graph.nodes.keys());
    throw new AludelError(
      "database-revision-unknown",
      `The database is at ${unknown.join(", ")}, which no revision file has`,
      {
        remedy:
          "Get the missing files (another branch may have them)" +
          (near === null ? "" : `, check whether ${near} is the same revision under a new id`) +
          ", or set the version table anew with stamp --purge.",
        data: { unknown },
      },
    );
  }
  return unique.flatMap((row) => graph.nodes.get(row) ?? []);
}
