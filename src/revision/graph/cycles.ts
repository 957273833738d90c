import type { DraftNode } from "./node.js";
import { cycleProblem } from "./order.js";
import type { Problem } from "./problem.js";

/**
 * One circle out of each set of revisions that require each other (strongly connected components, after Tarjan), in
 * linear time and without recursion.
 */
export function findCycles(nodes: readonly DraftNode[]): readonly Problem[] {
  return components(nodes).flatMap((component) => {
    const [first] = component;
    if (first === undefined) return [];
    if (component.length === 1 && !first.requires.includes(first)) return [];
    const cycle = circleIn(new Set(component), first);
    return [cycleProblem(cycle, cycle[0] ?? first)];
  });
}

/** Follows edges inside the component until one leads back to where it has been. */
function circleIn(component: ReadonlySet<DraftNode>, first: DraftNode): readonly DraftNode[] {
  const place = new Map<DraftNode, number>();
  const path: DraftNode[] = [];
  for (let node: DraftNode | undefined = first; node !== undefined && !place.has(node); ) {
    place.set(node, path.length);
    path.push(node);
    const next: DraftNode | undefined = node.requires.find((one) => component.has(one));
    if (next !== undefined && place.has(next)) return path.slice(place.get(next));
    node = next;
  }
  return path;
}

interface Visit {
  readonly node: DraftNode;
  next: number;
}

function components(nodes: readonly DraftNode[]): readonly (readonly DraftNode[])[] {
  const found = new Int32Array(nodes.length).fill(-1);
  const lowest = new Int32Array(nodes.length);
  const waiting = new Uint8Array(nodes.length);
  const stack: DraftNode[] = [];
  const result: DraftNode[][] = [];
  let count = 0;
  const enter = (node: DraftNode): Visit => {
    found[node.index] = lowest[node.index] = count++;
    waiting[node.index] = 1;
    stack.push(node);
    return { node, next: 0 };
  };
  const lower = (index: number, to: number) => {
    lowest[index] = Math.min(lowest[index] ?? to, to);
  };
  for (const start of nodes) {
    if (found[start.index] !== -1) continue;
    const path = [enter(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const { node } = visit;
      const required = node.requires[visit.next++];
      if (required !== undefined) {
        if (found[required.index] === -1) path.push(enter(required));
        else if (waiting[required.index] === 1) lower(node.index, found[required.index] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1)?.node;
      if (above !== undefined) lower(above.index, lowest[node.index] ?? 0);
      if (lowest[node.index] !== found[node.index]) continue;
      result.push(takeDownTo(node, stack, waiting));
    }
  }
  return result;
}

function takeDownTo(node: DraftNode, stack: DraftNode[], waiting: Uint8Array): DraftNode[] {
  const taken: DraftNode[] = [];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    waiting[top.index] = 0;
    taken.push(top);
    if (top === node) break;
  }
  return taken;
}
