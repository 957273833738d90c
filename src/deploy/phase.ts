import { type Act, isTableAct } from "../effect/act.js";
import type { Phase } from "../revision/phase.js";
import type { PlannedRevision } from "./plan.js";

const rowsOnly: ReadonlySet<Act["kind"]> = new Set([
  ...(["select", "insert", "update", "delete", "merge", "copy", "set", "analyze", "vacuum"] as const),
  ...(["begin", "commit", "rollback", "savepoint", "lock-table", "set-constraints"] as const),
]);

/** What a revision says of itself; of one that says nothing, what its statements and the linter tell. */
export function phaseOf(planned: PlannedRevision): Phase {
  const { phase, waitsFor } = planned.revision;
  return phase ?? (waitsFor === undefined ? inferredPhase(planned) : "contract");
}

/** As its statements and what the linter says of it tell. */
export function inferredPhase({
  statements,
  destroys,
  breaks,
}: Pick<PlannedRevision, "statements" | "destroys" | "breaks">): Phase {
  if (destroys.length + breaks.length > 0) return "contract";
  const acts = statements.flatMap((one) => [...one.acts, ...one.inner.flatMap((inner) => inner.acts)]);
  const changesRows = acts.length > 0 && acts.every((act) => !isTableAct(act) && rowsOnly.has(act.kind));
  return changesRows ? "migrate" : "expand";
}

/** The revisions of a plan, in their order, before the first one that takes something away from code that is deployed. */
export function beforeContract(revisions: readonly PlannedRevision[]): readonly PlannedRevision[] {
  const stop = revisions.findIndex((one) => phaseOf(one) === "contract");
  return stop === -1 ? revisions : revisions.slice(0, stop);
}
