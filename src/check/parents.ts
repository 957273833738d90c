import { AludelError } from "../error/error.js";
import type { Graph } from "../revision/graph/graph.js";
import type { GraphNode } from "../revision/graph/node.js";
import { isNameIn, multipleHeads, resolvePoint } from "../revision/graph/resolve.js";
import { parseTarget } from "../revision/graph/target.js";

/**
 * The parents of a new revision: the revisions that the targets name, or the only head.
 * @throws AludelError `multiple-heads` when there are several and none is named; `usage` for a parent that is no
 * head, unless `splice` says that a branch is meant.
 */
export function parentsOf(graph: Graph, targets: readonly string[], splice: boolean): readonly string[] {
  if (targets.length === 0) {
    if (graph.heads.length > 1) throw multipleHeads(graph, "head", graph.heads);
    return graph.heads.map(({ id }) => id);
  }
  const parents = targets.flatMap((target) => resolveTarget(graph, target));
  const inside = parents.find(({ children }) => children.length > 0);
  if (inside !== undefined && !splice) {
    throw new AludelError(
      "usage",
      `Revision ${inside.id} is no head: ${inside.children.map(({ id }) => id).join(", ")} revises it`,
      {
        where: { revision: inside.id },
        remedy: "Add --splice if the new revision shall begin a branch there.",
      },
    );
  }
  return [...new Set(parents.map(({ id }) => id))];
}

/** The revisions that a target names; none for `base`. */
export function resolveTarget(graph: Graph, target: string): readonly GraphNode[] {
  return resolvePoint(graph, parseTarget(target, isNameIn(graph)), []);
}
