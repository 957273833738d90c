import { AludelError } from "../../error/error.js";
import { ancestors, descendants, lineage, rowNodes } from "./closure.js";
import type { Graph } from "./graph.js";
import { labelMembers } from "./label.js";
import type { GraphNode } from "./node.js";
import { inOrder } from "./order.js";
import { findBranch, isNameIn, list, resolveOne, resolvePoint } from "./resolve.js";
import { parseRange, type Target } from "./target.js";
import { tryWalk } from "./walk.js";

/**
 * The revisions of a range as `history -r` takes it, newest first.
 *
 * `from:to` has both ends in it. An open `from` is the base, an open `to` is heads. `+N` as `to` counts up from
 * `from`, `-N` as `from` counts down from `to`: `-3:current` is the current revision and three before it. Counting
 * past an end of the history stops there. Between two ends are the revisions that `to` requires and that `revises`
 * leads to from `from`; from the base, all that `to` requires.
 *
 * Throws `database-revision-unknown`, the errors of targets, and `target-unreachable` where `from` is not below `to`.
 */
export function historyRange(graph: Graph, range: string, rows: readonly string[]): readonly GraphNode[] {
  const { from, to } = parseRange(range, isNameIn(graph));
  const current = rowNodes(graph, rows);
  if (from === null || (from.name === "base" && from.branch === null && from.steps === null)) {
    return newestFirst(ancestors(upperEnd(graph, to, [], current)));
  }
  if (from.name === null)
    return countedDown(graph, from, onBranchOf(graph, from, upperEnd(graph, to, [], current)));
  const lower = lowerEnd(graph, from, current);
  const upper = onBranchOf(graph, from, upperEnd(graph, to, lower, current));
  if (lower.length === 0) return newestFirst(ancestors(upper));
  return newestFirst(between(upper, lower, range));
}

function newestFirst(nodes: Iterable<GraphNode>): readonly GraphNode[] {
  return inOrder(nodes).reverse();
}

/** None for the base. */
function lowerEnd(graph: Graph, from: Target, current: readonly GraphNode[]): readonly GraphNode[] {
  if (from.steps === null) return resolvePoint(graph, from, current);
  return placed(graph, from, resolveOne(graph, startOf(from), current));
}

function upperEnd(
  graph: Graph,
  to: Target | null,
  lower: readonly GraphNode[],
  current: readonly GraphNode[],
): readonly GraphNode[] {
  if (to === null) return graph.finalHeads;
  if (to.steps === null) return resolvePoint(graph, to, current);
  if (to.name !== null) return placed(graph, to, resolveOne(graph, startOf(to), current));
  if (to.steps > 0 && lower.length < 2) return placed(graph, to, lower[0] ?? null);
  throw new AludelError(
    "target-unreachable",
    to.steps > 0
      ? `${to.text} could count from ${list(lower, "or")}`
      : `${to.text} counts down from the lower end`,
    { remedy: "Write an id, heads or current as the upper end, or count up from one revision: id:+2." },
  );
}

/** What a counted target counts from; going up, the branch chooses among the ways and may lie above the start. */
function startOf(target: Target): Target {
  return { ...target, steps: null, branch: (target.steps ?? 0) > 0 ? null : target.branch };
}

function placed(graph: Graph, target: Target, start: GraphNode | null): readonly GraphNode[] {
  const along = target.branch === null ? null : findBranch(graph, target.branch);
  return [tryWalk(graph, start, target, along).place ?? []].flat();
}

/** A lower end on a branch takes the other branches' revisions out of the upper end. */
function onBranchOf(graph: Graph, from: Target, upper: readonly GraphNode[]): readonly GraphNode[] {
  if (from.branch === null) return upper;
  const { node } = findBranch(graph, from.branch);
  const members = graph.labels.get(from.branch) === node ? labelMembers(graph, from.branch) : lineage([node]);
  return upper.filter((each) => members.has(each));
}

function countedDown(graph: Graph, from: Target, upper: readonly GraphNode[]): readonly GraphNode[] {
  if ((from.steps ?? 0) > 0) {
    throw new AludelError("target-unreachable", `${from.text} as the lower end counts up from nothing`, {
      remedy: "Write an id, base or current as the lower end, or count down from the upper one: -3:current.",
    });
  }
  const walked = upper.map((end) => ({ end, place: tryWalk(graph, end, from, null).place }));
  const lower = walked.flatMap(({ place }) => place ?? []);
  // A line that ends sooner is shown whole.
  const whole = walked.flatMap(({ end, place }) => (place === null ? end : []));
  return newestFirst([...ancestors(whole), ...between(upper, lower, from.text)]);
}

function between(
  upper: readonly GraphNode[],
  lower: readonly GraphNode[],
  range: string,
): ReadonlySet<GraphNode> {
  const required = ancestors(upper);
  const outside = lower.filter((node) => !required.has(node));
  if (outside.length > 0) {
    throw new AludelError(
      "target-unreachable",
      `The range ${range} has no revisions: ${list(outside)} is not below ${upper.length === 0 ? "base" : list(upper)}`,
      { remedy: "Write the older revision first, or leave one end open." },
    );
  }
  const below = ancestors(lower);
  const above = descendants(lower, "revises");
  const inside = new Set(lower);
  for (const node of required) if (above.has(node) && !below.has(node)) inside.add(node);
  return inside;
}
