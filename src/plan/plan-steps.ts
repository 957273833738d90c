import type { Graph } from "../revision/graph/graph.js";
import { planOnGraph } from "../revision/graph/plan-revisions.js";
import type { Revision } from "../revision/revision.js";

export interface PlannedStep {
  readonly revision: Revision;
  readonly direction: "upgrade" | "downgrade";
}

/** The revisions that a command runs from these rows of the version table, in order. @throws AludelError of the target. */
export function planSteps(
  { graph, revisions }: { readonly graph: Graph; readonly revisions: readonly Revision[] },
  rows: readonly string[],
  options: { readonly command: "upgrade" | "downgrade"; readonly targets: readonly string[] },
): readonly PlannedStep[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const plan = planOnGraph(graph, { rows, command: options.command, target: targetOf(options.targets) });
  return plan.steps.flatMap((step): PlannedStep[] => {
    const revision = step[0] === "stamp" ? undefined : byId.get(step[1]);
    return revision === undefined ? [] : [{ revision, direction: options.command }];
  });
}

/** Targets in the shape that `planRevisions` takes: one as text, several as a list. */
export function targetOf(targets: readonly string[]): string | readonly string[] {
  const [first] = targets;
  return targets.length === 1 && first !== undefined ? first : targets;
}
