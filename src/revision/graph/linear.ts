import { type Graph, isBranchPoint, isMergePoint } from "./graph.js";
import type { GraphNode } from "./node.js";
import { type Move, moveOf } from "./rebase.js";

/** When a revision was created, as its header says. */
export type CreatedOf = (id: string) => Date | null;

/** One way in which revisions do not stand in one line, in the order of their dates. */
export interface Crook {
  readonly kind: "bases" | "heads" | "branch-point" | "merge-point" | "date";
  /** The revisions that it is about: of a branch point the ones above, of a merge point the ones below. */
  readonly of: readonly string[];
  /** The branch point, the merge point, or the revision with the older date. */
  readonly at: string | null;
}

/** Everything that keeps revisions from standing in one line; none says that they do. */
export function crooksOf(graph: Graph, createdOf: CreatedOf): readonly Crook[] {
  const ids = (nodes: readonly GraphNode[]) => nodes.map(({ id }) => id);
  const several = (kind: "bases" | "heads", nodes: readonly GraphNode[]): readonly Crook[] =>
    nodes.length < 2 ? [] : [{ kind, of: ids(nodes), at: null }];
  return [
    ...several("bases", graph.bases),
    ...several("heads", graph.heads),
    ...graph.order.flatMap((node): readonly Crook[] => [
      ...(isBranchPoint(node)
        ? [{ kind: "branch-point", of: ids(node.children), at: node.id } as const]
        : []),
      ...(isMergePoint(node) ? [{ kind: "merge-point", of: ids(node.parents), at: node.id } as const] : []),
      ...node.parents
        .filter((parent) => isOlder(createdOf(node.id), createdOf(parent.id)))
        .map((parent): Crook => ({ kind: "date", of: [parent.id], at: node.id })),
    ]),
  ];
}

function isOlder(one: Date | null, than: Date | null): boolean {
  return one !== null && than !== null && one < than;
}

/**
 * All revisions in one line: every one after what it requires, and otherwise in the order of their dates. One without a date
 * stands as early as it may.
 */
export function lineUp(graph: Graph, createdOf: CreatedOf): readonly GraphNode[] {
  const time = (node: GraphNode) => createdOf(node.id)?.getTime() ?? 0;
  const comesBefore = (a: GraphNode, b: GraphNode) => time(a) - time(b) || a.position - b.position;
  const open = new Map(graph.order.map((node) => [node, node.requires.length]));
  const free = graph.order.filter((node) => node.requires.length === 0).sort(comesBefore);
  const line: GraphNode[] = [];
  for (let node = free.shift(); node !== undefined; node = free.shift()) {
    line.push(node);
    for (const above of node.requiredBy) {
      const left = (open.get(above) ?? 0) - 1;
      open.set(above, left);
      if (left > 0) continue;
      const at = free.findIndex((one) => comesBefore(above, one) < 0);
      free.splice(at === -1 ? free.length : at, 0, above);
    }
  }
  return line;
}

/** What has to change so that the revisions stand in this line. */
export function lineMoves(line: readonly GraphNode[]): readonly Move[] {
  return line.flatMap((node, at) => {
    const below = line[at - 1];
    return moveOf(node, below === undefined ? [] : [below.id]);
  });
}

/** The part of a line from the first revision on that is older than one below it. */
export function fromFirstOlder(line: readonly GraphNode[], createdOf: CreatedOf): readonly string[] {
  const first = line.findIndex((node, at) => {
    const below = line[at - 1];
    return below !== undefined && isOlder(createdOf(node.id), createdOf(below.id));
  });
  return first === -1 ? [] : line.slice(first).map(({ id }) => id);
}
