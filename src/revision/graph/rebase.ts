import { AludelError } from "../../error/error.js";
import { ancestors } from "./closure.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";

/** A revision that gets other parents. */
export interface Move {
  readonly id: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * What each local revision has to revise so that all of them come after `onto`, with their own order kept. What stays as
 * it is is left out.
 *
 * @throws AludelError `rebase-refused` where that cannot be.
 */
export function rebaseMoves(
  graph: Graph,
  local: ReadonlySet<GraphNode>,
  onto: readonly GraphNode[],
): readonly Move[] {
  refuseCrossed(graph, local, onto);
  const below = ancestors(onto);
  return graph.order.flatMap((node): readonly Move[] => {
    if (!local.has(node)) return [];
    const own = node.parents.filter((parent) => local.has(parent));
    // A merge with another line stays one; one with what is below now has nothing more to join.
    const beside = node.parents.filter((parent) => !local.has(parent) && !below.has(parent));
    const to = (own.length === 0 ? onto : [...own, ...beside]).map(({ id }) => id);
    return moveOf(node, to);
  });
}

/** A move, unless nothing changes. */
export function moveOf(node: GraphNode, to: readonly string[]): readonly Move[] {
  const from = node.parents.map(({ id }) => id);
  const isSame = from.length === to.length && from.every((id) => to.includes(id));
  return isSame ? [] : [{ id: node.id, from, to }];
}

function refuseCrossed(graph: Graph, local: ReadonlySet<GraphNode>, onto: readonly GraphNode[]): void {
  const inside = onto.find((node) => local.has(node));
  if (inside !== undefined) {
    throw new AludelError("rebase-refused", `Revision ${inside.id} cannot be moved after itself`, {
      where: { revision: inside.id },
      remedy: "Name a revision that stays with --onto, or other revisions to move.",
    });
  }
  for (const node of graph.order) {
    const required = local.has(node) ? undefined : node.requires.find((one) => local.has(one));
    if (required === undefined) continue;
    throw new AludelError(
      "rebase-refused",
      `Revision ${node.id} stays where it is and needs ${required.id}, which would be moved`,
      {
        where: { revision: node.id },
        remedy: `Move it as well, or leave ${required.id} where it is: name the revisions to move.`,
      },
    );
  }
}

/** The line of revisions: those that lead to them from where it left `onto`, they themselves and all above them. */
export function lineOf(nodes: readonly GraphNode[], onto: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const taken = ancestors(onto);
  const line = new Set([...ancestors(nodes)].filter((node) => !taken.has(node)));
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    line.add(node);
    for (const above of node.requiredBy) if (!line.has(above)) open.push(above);
  }
  return line;
}
