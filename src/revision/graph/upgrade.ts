import { AludelError } from "../../error/error.js";
import { ancestors, maximal, overlap } from "./closure.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";
import { inOrder } from "./order.js";
import { type Branch, findBranch, list, resolveOne, resolvePoint } from "./resolve.js";
import { type Target, targetInvalid } from "./target.js";
import { type Place, walk } from "./walk.js";

/**
 * The revisions to run for an upgrade, in order: all that the targets require and the rows do not have.
 * Throws the errors of targets, and `version-table-invalid` for rows of which one is below another.
 */
export function upgradePath(
  graph: Graph,
  rows: readonly GraphNode[],
  targets: readonly Target[],
): readonly GraphNode[] {
  const wanted = new Set(targets.flatMap((target) => upgradeTargets(graph, rows, target)));
  refuseOverlap([...wanted]);
  checkRows(rows);
  const applied = ancestors(rows);
  return inOrder([...ancestors(wanted)].filter((node) => !applied.has(node)));
}

/** Throws `target-invalid` for targets of which one is below another: only the upper one can be meant. */
export function refuseOverlap(wanted: readonly GraphNode[]): void {
  const overlapping = overlap(wanted);
  if (overlapping === null) return;
  const [upper, lower] = overlapping;
  throw targetInvalid(
    `The targets overlap: ${upper.id} already requires ${lower.id}`,
    `Leave ${lower.id} out: ${upper.id} stands for both.`,
  );
}

/** Throws `version-table-invalid` for rows of which one is below another: no run leaves such rows. */
export function checkRows(rows: readonly GraphNode[]): void {
  const overlapping = overlap(rows);
  if (overlapping === null) return;
  const [upper, lower] = overlapping;
  throw new AludelError(
    "version-table-invalid",
    `The version table has both ${upper.id} and ${lower.id}, though ${upper.id} already stands for ${lower.id}`,
    {
      remedy: `Somebody wrote into the table by hand. See what the database really has, then say so: \`aludel stamp --purge ${upper.id}\` if it has both, \`aludel stamp --purge ${lower.id}\` if it has only that.`,
      data: { rows: rows.map((row) => row.id) },
    },
  );
}

function upgradeTargets(graph: Graph, rows: readonly GraphNode[], target: Target): readonly GraphNode[] {
  const { steps, branch } = target;
  if (steps === null) return resolvePoint(graph, target, rows);
  if (target.name === null) {
    if (steps <= 0) {
      throw new AludelError("target-unreachable", `An upgrade cannot go to ${target.text} of where it is`, {
        remedy: `Use downgrade ${target.text}, or count upwards: +${Math.max(1, Math.abs(steps))}.`,
      });
    }
    const along = branch === null ? null : findBranch(graph, branch);
    return present(walk(graph, startOfCount(rows, along, target), target, along));
  }
  if (steps > 0) {
    // The branch chooses among the ways up; the start may well lie below it.
    const along = branch === null ? null : findBranch(graph, branch);
    return present(walk(graph, resolveOne(graph, { ...target, branch: null }, rows), target, along));
  }
  return present(walk(graph, resolveOne(graph, target, rows), target, null));
}

function present(place: Place): readonly GraphNode[] {
  return place === null ? [] : [place];
}

/** Where `+N` and `branch@+N` count from: the row, or the uppermost applied revision of the branch, or the base. */
function startOfCount(rows: readonly GraphNode[], branch: Branch | null, target: Target): Place {
  const starts = branch === null ? rows : startsOnBranch(rows, branch);
  if (starts.length < 2) return starts[0] ?? null;
  throw new AludelError(
    "revision-ambiguous",
    `${target.text} could count from ${list(starts, "or")}: the database is at several revisions`,
    {
      remedy: `Count along one: ${starts
        .slice(0, 6)
        .map((start) => `${start.id}@+${target.steps ?? 1}`)
        .join(" or ")}.`,
      data: { choices: starts.map((start) => start.id) },
    },
  );
}

function startsOnBranch(rows: readonly GraphNode[], branch: Branch): readonly GraphNode[] {
  const direct = rows.filter((row) => branch.members.has(row));
  if (direct.length > 0) return direct;
  return maximal(new Set([...ancestors(rows)].filter((node) => branch.members.has(node))));
}
