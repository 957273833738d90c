import type { DraftNode } from "./node.js";
import type { Problem } from "./problem.js";

export interface Sorted {
  /** Complete when there is no cycle. */
  readonly order: readonly DraftNode[];
  readonly cycle: Problem | null;
}

interface Visit {
  readonly node: DraftNode;
  next: number;
}

const unseen = 0;
const open = 1;
const done = 2;

/**
 * A topological order that keeps the given one wherever it can: what a revision requires comes right before it
 * unless it came already, so an order that is topological stays as it is. Finds the first cycle. Without recursion,
 * since a history of ten thousand revisions is a chain of that depth.
 */
export function sortRevisions(nodes: readonly DraftNode[]): Sorted {
  const state = new Uint8Array(nodes.length);
  const order: DraftNode[] = [];
  for (const start of nodes) {
    if (state[start.index] !== unseen) continue;
    // So it is with nearly all, because their files stand in order.
    if (start.requires.every((required) => state[required.index] === done)) {
      state[start.index] = done;
      order.push(start);
      continue;
    }
    const path: Visit[] = [{ node: start, next: 0 }];
    state[start.index] = open;
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const required = visit.node.requires[visit.next];
      visit.next += 1;
      if (required === undefined) {
        state[visit.node.index] = done;
        order.push(visit.node);
        path.pop();
      } else if (state[required.index] === unseen) {
        state[required.index] = open;
        path.push({ node: required, next: 0 });
      } else if (state[required.index] === open) {
        return { order, cycle: cycleAt(path, required) };
      }
    }
  }
  return { order, cycle: null };
}

function cycleAt(path: readonly Visit[], first: DraftNode): Problem {
  const cycle = path.slice(path.findIndex((visit) => visit.node === first)).map((visit) => visit.node);
  return cycleProblem(cycle, first);
}

/** The circle, told from the revision that was given first: whoever finds it tells it alike. */
function fromFirst(cycle: readonly DraftNode[]): readonly DraftNode[] {
  const at = cycle.reduce(
    (lowest, { index }, place) => (index < (cycle[lowest]?.index ?? 0) ? place : lowest),
    0,
  );
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}

/** A circle, each node of which requires the next and the last one the first. */
export function cycleProblem(found: readonly DraftNode[], some: DraftNode): Problem {
  const cycle = fromFirst(found);
  const first = cycle[0] ?? some;
  const links = cycle.map((node, index) => {
    const required = cycle[index + 1] ?? first;
    return `${node.id} ${node.parents.includes(required) ? "revises" : "depends on"} ${required.id}`;
  });
  const shown = links.length > 8 ? [...links.slice(0, 4), "…", ...links.slice(-3)] : links;
  const { file } = first.revision;
  return {
    code: "revision-cycle",
    message:
      cycle.length === 1
        ? `Revision ${first.id} requires itself: ${shown.join(", ")}`
        : `Revisions go round in a circle: ${shown.join(", ")}`,
    remedy: "Take one of these links out: change revises or dependsOn in the revision that was written last.",
    where: { revision: first.id, ...(file === undefined ? {} : { file }) },
    property: first.parents.includes(cycle[1] ?? first) ? "revises" : "dependsOn",
  };
}

/** Any revisions of one graph in its topological order, each once. */
export function inOrder<Node extends { readonly position: number }>(nodes: Iterable<Node>): Node[] {
  return [...new Set(nodes)].sort((a, b) => a.position - b.position);
}
