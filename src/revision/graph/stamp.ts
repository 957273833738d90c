import { AludelError } from "../../error/error.js";
import { ancestors, lineage, maximal } from "./closure.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";
import { findBranch, resolvePoint } from "./resolve.js";
import type { Target } from "./target.js";
import { refuseOverlap } from "./upgrade.js";
import { tryWalk } from "./walk.js";

/** Rows that give way to others, without a revision being run. */
export interface StampStep {
  readonly from: readonly GraphNode[];
  readonly to: readonly GraphNode[];
}

/**
 * What a stamp does to the version table. Each destination takes the place of the rows below and above it (a row may
 * give way to several), rows of other branches stay. `base` takes rows away: all of them, or those of its branch. Throws the errors of targets.
 */
export function stampSteps(
  graph: Graph,
  rows: readonly GraphNode[],
  targets: readonly Target[],
): readonly StampStep[] {
  const destinations = targets.flatMap((target) => stampTargets(graph, rows, target));
  const gone = new Set(targets.filter(isBase).flatMap((target) => rowsOfBranch(graph, rows, target)));
  for (const destination of destinations) gone.delete(destination);
  const steps: StampStep[] = [...gone].map((row) => ({ from: [row], to: [] }));
  // Heads of one branch may depend on each other; revisions that somebody named must be beside each other.
  if (targets.length > 1) refuseOverlap(destinations);
  for (const destination of maximal(ancestors(destinations))) {
    const related = lineage([destination], "all");
    const from = rows.filter((row) => row !== destination && related.has(row));
    if (from.length > 0 || !rows.includes(destination)) steps.push({ from, to: [destination] });
  }
  return steps;
}

function isBase(target: Target): boolean {
  return target.name === "base" && target.steps === null;
}

function rowsOfBranch(graph: Graph, rows: readonly GraphNode[], target: Target): readonly GraphNode[] {
  if (target.branch === null) return rows;
  const members = lineage([findBranch(graph, target.branch).node], "all");
  return rows.filter((row) => members.has(row));
}

/**
 * A stamp says where the database is, so it cannot count from there. Only `-N` on an empty version table has a
 * meaning, as in Alembic: N below every head that has so many below it.
 */
function stampTargets(graph: Graph, rows: readonly GraphNode[], target: Target): readonly GraphNode[] {
  if (target.steps === null) return resolvePoint(graph, target, rows);
  if (target.name !== null || target.steps >= 0 || rows.length > 0) {
    throw new AludelError("target-invalid", `A stamp cannot count: ${target.text}`, {
      remedy: "Write the id of the revision that the database is at, or head, heads, base or a label.",
    });
  }
  const branch = target.branch === null ? null : findBranch(graph, target.branch);
  const heads = graph.finalHeads.filter((head) => branch === null || branch.members.has(head));
  return heads.flatMap((head) => tryWalk(graph, head, target, null).place ?? []);
}
