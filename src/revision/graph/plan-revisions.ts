import { ancestors, maximal, rowNodes, rowsOf } from "./closure.js";
import { downgradePath } from "./downgrade.js";
import { buildGraph, type Graph } from "./graph.js";
import type { GraphNode, GraphRevision } from "./node.js";
import { isNameIn } from "./resolve.js";
import { stampSteps } from "./stamp.js";
import { parseTarget, type Target, targetInvalid } from "./target.js";
import { upgradePath } from "./upgrade.js";

export type GraphCommand = "upgrade" | "downgrade" | "stamp";

/** One revision up or down, or rows that give way to others: `["stamp", from, to]`. */
export type RevisionStep =
  | readonly ["up", string]
  | readonly ["down", string]
  | readonly ["stamp", readonly string[], readonly string[]];

/** What will happen, in order, and the rows of the version table afterwards, sorted. */
export interface RevisionPlan {
  readonly steps: readonly RevisionStep[];
  readonly rows: readonly string[];
}

export interface RevisionRequest {
  /** The rows of the version table. Their order counts for nothing. */
  readonly rows: readonly string[];
  readonly command: GraphCommand;
  /** One target, or several. */
  readonly target: string | readonly string[];
}

/**
 * What a command does to a database that is at `rows`. Pure: reads nothing, runs nothing.
 *
 * Throws the errors of `buildGraph`; `database-revision-unknown` and `version-table-invalid` for rows;
 * `target-invalid`, `revision-unknown`, `revision-ambiguous`, `multiple-heads` and `target-unreachable` for targets.
 */
export function planRevisions(
  request: RevisionRequest & { readonly revisions: readonly GraphRevision[] },
): RevisionPlan {
  return planOnGraph(buildGraph(request.revisions), request);
}

/** `planRevisions` on a graph that is built already. */
export function planOnGraph(graph: Graph, request: RevisionRequest): RevisionPlan {
  const targets = parseTargets(graph, request.target);
  const rows = rowNodes(graph, request.rows);
  switch (request.command) {
    case "upgrade": {
      const path = upgradePath(graph, rows, targets);
      const after = path.length === 0 ? rows : maximal(ancestors([...rows, ...path]));
      return { steps: path.map((node) => ["up", node.id]), rows: rowsOf(after) };
    }
    case "downgrade": {
      const path = downgradePath(graph, rows, targets);
      const after = path.length === 0 ? rows : maximal(without(ancestors(rows), path));
      return { steps: path.map((node) => ["down", node.id]), rows: rowsOf(after) };
    }
    case "stamp": {
      const steps = stampSteps(graph, rows, targets);
      const after = without(
        new Set(rows),
        steps.flatMap((step) => step.from),
      );
      for (const step of steps) for (const node of step.to) after.add(node);
      return {
        steps: steps.map(({ from, to }) => ["stamp", from.map((node) => node.id), to.map((node) => node.id)]),
        rows: rowsOf(after),
      };
    }
  }
}

function without(nodes: ReadonlySet<GraphNode>, gone: Iterable<GraphNode>): Set<GraphNode> {
  const left = new Set(nodes);
  for (const node of gone) left.delete(node);
  return left;
}

function parseTargets(graph: Graph, target: string | readonly string[]): readonly Target[] {
  const texts = typeof target === "string" ? [target] : target;
  if (texts.length === 0) throw targetInvalid("There is no target");
  const targets = texts.map((text) => parseTarget(text, isNameIn(graph)));
  const counted = targets.find((each) => each.steps !== null);
  if (targets.length > 1 && counted !== undefined) {
    throw targetInvalid(
      `The target ${counted.text} counts, so it cannot stand beside others`,
      "Write the ids of all targets, or run the command once for each.",
    );
  }
  return targets;
}
