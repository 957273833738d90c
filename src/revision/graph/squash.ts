import { AludelError } from "../../error/error.js";
import { ancestors, maximal } from "./closure.js";
import type { GraphNode } from "./node.js";
import { inOrder } from "./order.js";

/** Several revisions as one: it takes the place, and the id, of the uppermost of them. */
export interface Squash {
  /** In the order in which they run. */
  readonly nodes: readonly GraphNode[];
  readonly top: GraphNode;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
}

/**
 * What one revision in the place of these would be.
 * @throws AludelError `squash-refused` for revisions that do not end in one, or from whose middle others go on.
 */
export function planSquash(chosen: Iterable<GraphNode>): Squash {
  const nodes = inOrder(chosen);
  const own = new Set(nodes);
  const [top, second] = maximal(own);
  if (top === undefined || nodes.length < 2) {
    throw new AludelError("squash-refused", "There are not two revisions to make one of", {
      remedy: "Name a range of at least two: aludel squash FROM:TO.",
    });
  }
  if (second !== undefined) {
    throw new AludelError(
      "squash-refused",
      `The revisions end in several: ${maximal(own)
        .map(({ id }) => id)
        .join(", ")}`,
      {
        remedy: "Squash each line by itself, or merge them first.",
      },
    );
  }
  for (const node of nodes) {
    const other = node === top ? undefined : node.requiredBy.find((above) => !own.has(above));
    if (other === undefined) continue;
    throw new AludelError(
      "squash-refused",
      `Revision ${other.id} needs ${node.id}, which would be no more by itself`,
      {
        where: { revision: other.id },
        remedy: `Squash up to ${node.id} and from there on, each by itself.`,
      },
    );
  }
  const outer = (next: (node: GraphNode) => readonly GraphNode[]) =>
    new Set(nodes.flatMap(next).filter((node) => !own.has(node)));
  const revises = maximal(outer(({ parents }) => parents));
  const below = ancestors(revises);
  const dependsOn = [...outer(({ dependencies }) => dependencies)].filter((node) => !below.has(node));
  return {
    nodes,
    top,
    revises: revises.map(({ id }) => id),
    dependsOn: dependsOn.map(({ id }) => id),
    labels: [...new Set(nodes.flatMap(({ revision }) => revision.labels))],
  };
}
