import { AludelError } from "../../error/error.js";
import { ancestors, descendants, maximal } from "./closure.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";
import { inOrder } from "./order.js";
import { findBranch, findRevision, list, resolveOne } from "./resolve.js";
import { isKeyword, type Target, targetInvalid } from "./target.js";
import { type Place, placeName, walk } from "./walk.js";

/** Where a downgrade goes, and the revision whose line it follows where several lead there. */
interface Destination {
  readonly place: Place;
  readonly along: GraphNode | null;
}

/**
 * The revisions to take back for a downgrade, in order: all that are applied above the target, and all that require
 * them. With a branch, only along its line. Throws the errors of targets and `target-unreachable`.
 */
export function downgradePath(
  graph: Graph,
  rows: readonly GraphNode[],
  targets: readonly Target[],
): readonly GraphNode[] {
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0) {
    throw targetInvalid("A downgrade has one target", "Downgrade to one revision after the other.");
  }
  const destination = findDestination(graph, rows, target);
  const applied = ancestors(rows);
  const above = descendants(rootsAbove(graph, destination, target));
  const path = [...above].filter((node) => applied.has(node));
  const { place } = destination;
  if (path.length === 0 && place !== null && !rows.includes(place)) throw notBelow(rows, place, applied);
  return inOrder(path).reverse();
}

function findDestination(graph: Graph, rows: readonly GraphNode[], target: Target): Destination {
  const { steps } = target;
  const branch = target.branch === null ? null : findBranch(graph, target.branch);
  const along = branch?.node ?? null;
  if (steps === null) return { place: absolute(graph, rows, target), along };
  if (target.name === null) {
    if (steps >= 0) {
      throw new AludelError("target-unreachable", `A downgrade cannot go to ${target.text} of where it is`, {
        remedy: `Use upgrade ${target.text}, or count downwards: -${Math.max(1, steps)}.`,
      });
    }
    const start = startOfCount(rows, target, branch?.members ?? null);
    return { place: walk(graph, start, target, null), along: along ?? start };
  }
  if (steps >= 0) {
    const start = resolveOne(graph, { ...target, branch: null }, rows);
    return { place: walk(graph, start, target, branch), along };
  }
  return { place: walk(graph, resolveOne(graph, target, rows), target, null), along };
}

/** The branch says which line to take back, so `head` means the graph's head here, not the branch's. */
function absolute(graph: Graph, rows: readonly GraphNode[], target: Target): Place {
  const name = target.name ?? "current";
  if (!isKeyword(name) && target.branch !== null) {
    return findRevision(graph, name, findBranch(graph, target.branch));
  }
  return resolveOne(graph, { ...target, branch: null }, rows);
}

/** The row that `-N` counts from; for a branch without a row, its uppermost applied revision. */
function startOfCount(
  rows: readonly GraphNode[],
  target: Target,
  branch: ReadonlySet<GraphNode> | null,
): GraphNode {
  const starts = branch === null ? rows : startsOnBranch(rows, branch);
  const [start, ...others] = starts;
  if (start === undefined) {
    const where = target.branch === null ? "" : ` of the branch ${target.branch}`;
    throw new AludelError(
      "target-unreachable",
      `${target.text} has nothing to count from: nothing${where} is applied`,
      {
        remedy:
          rows.length === 0
            ? "There is nothing to downgrade."
            : `Applied are ${list(rows)}: count from one of them.`,
      },
    );
  }
  if (others.length === 0) return start;
  throw new AludelError("revision-ambiguous", `${target.text} could count from ${list(starts, "or")}`, {
    remedy: `Count along one: ${starts
      .slice(0, 6)
      .map((node) => `${node.id}@${target.steps ?? -1}`)
      .join(" or ")}.`,
    data: { choices: starts.map((node) => node.id) },
  });
}

function startsOnBranch(rows: readonly GraphNode[], branch: ReadonlySet<GraphNode>): readonly GraphNode[] {
  const direct = rows.filter((row) => branch.has(row));
  if (direct.length > 0) return direct;
  const applied = ancestors(rows);
  // Tips by `revises` alone: a branch that another merely depends on still has an end of its own.
  const tips = [...applied].filter((node) => !node.children.some((child) => applied.has(child)));
  return tips.filter((node) => branch.has(node));
}

/** The lowest revisions that must go; of several only those on the line, where one is given. */
function rootsAbove(graph: Graph, { place, along }: Destination, target: Target): readonly GraphNode[] {
  const roots = place === null ? graph.bases : place.children;
  if (along === null || roots.length < 2) return roots;
  const line = ancestors([along], "revises");
  const onLine = roots.filter((root) => line.has(root));
  if (onLine.length > 0) return onLine;
  throw new AludelError(
    "target-unreachable",
    `${target.text} chooses none of ${list(roots)}: the branch does not go through them`,
    { remedy: `Write ${placeName(place)} to take all of them back, or ${list(roots, "or")} before the @.` },
  );
}

function notBelow(
  rows: readonly GraphNode[],
  place: GraphNode,
  applied: ReadonlySet<GraphNode>,
): AludelError {
  const isApplied = applied.has(place);
  const requiring = place.requiredBy.filter((node) => applied.has(node));
  return new AludelError(
    "target-unreachable",
    isApplied
      ? `Nothing that is applied revises ${place.id}, so there is nothing to take back down to it`
      : `Revision ${place.id} is not applied, so the database cannot be downgraded to it`,
    {
      remedy: isApplied
        ? `It is there because ${list(maximal(new Set(requiring)))} depend on it: downgrade below those instead.`
        : `Applied are ${rows.length === 0 ? "no revisions" : `${list(rows)} and what they require`}: choose one of those, or upgrade.`,
    },
  );
}
