import type { DatabaseIdentity } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { planSteps } from "../plan/plan-steps.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { type Plan, planToken } from "./plan.js";

/** Of how many revisions that have run already it is tried whether they were the first of what was approved. */
const mostDone = 500;

/**
 * Whether a plan is what is left of the one that was approved, the first revisions of which have run since: the run of it was
 * ended, and is to go on. They have to have the very texts that were approved.
 */
export function isLeftOfApproved(
  project: Project,
  identity: DatabaseIdentity,
  plan: Pick<Plan, "rows" | "revisions">,
  targets: readonly string[],
  approved: string,
): boolean {
  const all = fromNothing(project, targets);
  const pending = new Set(plan.revisions.map(({ revision }) => revision.id));
  const done = all.filter(({ id }) => !pending.has(id));
  for (let from = done.length - 1; from >= Math.max(0, done.length - mostDone); from -= 1) {
    const steps = [...done.slice(from).map((revision) => ({ revision })), ...plan.revisions];
    if (planToken(identity, headsOf(done.slice(0, from)), steps) === approved) return true;
  }
  return false;
}

/** All that leads to the targets, in the order in which it runs. */
function fromNothing(project: Project, targets: readonly string[]): readonly Revision[] {
  try {
    return planSteps(project, [], { command: "upgrade", targets }).map(({ revision }) => revision);
  } catch (error) {
    // A target that is told from where the database is has no meaning from nowhere.
    if (error instanceof AludelError) return [];
    throw error;
  }
}

function headsOf(revisions: readonly Revision[]): readonly string[] {
  const below = new Set(revisions.flatMap(({ revises, dependsOn }) => [...revises, ...dependsOn]));
  return revisions.map(({ id }) => id).filter((id) => !below.has(id));
}
