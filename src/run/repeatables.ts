import type { PlannedStep } from "../plan/plan-steps.js";
import { closure } from "../revision/graph/closure.js";
import { loadRevision } from "../revision/load.js";
import type { Revision } from "../revision/revision.js";
import type { Rows } from "./history.js";
import type { Project } from "./project.js";
import type { RunLogState } from "./run-log.js";

/**
 * Where a repeatable revision is in a database. `changed`: its file is another one since it ran, or something that it
 * depends on runs again · `pending`: it has not run · `waiting`: it would have to run, and what it depends on is not there.
 */
export type RepeatableState = "applied" | "changed" | "pending" | "waiting";

type Ran = Pick<RunLogState, "checksums">;
type Repeating = Pick<Project, "graph" | "repeatables">;

/**
 * The state of every repeatable revision where the version table has these rows, in the order in which they run. One that
 * names nothing that it depends on stands on all heads.
 */
export function repeatableStates(
  { graph, repeatables }: Repeating,
  rows: Iterable<string>,
  log: Ran,
): ReadonlyMap<Revision, RepeatableState> {
  const states = new Map<Revision, RepeatableState>();
  if (repeatables.length === 0) return states;
  const applied = closure(
    graph,
    [...rows].filter((id) => graph.nodes.has(id)),
  );
  const hasHeads = graph.finalHeads.every(({ id }) => applied.has(id));
  const byId = new Map<string, RepeatableState>();
  const isThere = (name: string) => {
    const other = byId.get(name);
    return other === undefined ? applied.has(graph.labels.get(name)?.id ?? name) : other !== "waiting";
  };
  const runs = (name: string) => isDue(byId.get(name));
  for (const revision of repeatables) {
    const { id, checksum, dependsOn } = revision;
    const ran = log.checksums.get(id);
    const isReady = dependsOn.length === 0 ? hasHeads : dependsOn.every(isThere);
    const due = !isReady ? "waiting" : ran === undefined ? "pending" : "changed";
    const state = ran === checksum && !dependsOn.some(runs) ? "applied" : due;
    byId.set(id, state);
    states.set(revision, state);
  }
  return states;
}

/** True for what the next upgrade to these rows runs. */
export function isDue(state: RepeatableState | undefined): boolean {
  return state === "changed" || state === "pending";
}

/** What an upgrade that ends with these rows runs after its revisions. */
export function dueSteps(project: Repeating, rowsAfter: Iterable<string>, log: Ran): readonly PlannedStep[] {
  return [...repeatableStates(project, rowsAfter, log)]
    .filter(([, state]) => isDue(state))
    .map(([revision]) => ({ revision, direction: "upgrade" }));
}

/**
 * What a downgrade that ends with these rows takes back before its revisions: what then no longer has what it depends on. What
 * has no way back stays.
 */
async function takenSteps(
  project: Repeating & Pick<Project, "config">,
  rowsAfter: Iterable<string>,
  { checksums }: Ran,
): Promise<readonly PlannedStep[]> {
  const taken: PlannedStep[] = [];
  for (const [revision, state] of repeatableStates(project, rowsAfter, { checksums: new Map() })) {
    if (state !== "waiting" || !checksums.has(revision.id)) continue;
    const { downgrade } = await loadRevision(revision, { root: project.config.root });
    if (typeof downgrade !== "string") taken.push({ revision, direction: "downgrade" });
  }
  return taken.reverse();
}

/**
 * The steps of a run with those of what stands after the graph: on the way up at the end, on the way down at the beginning.
 * `rows` are walked from where the run starts.
 */
export async function withRepeatables(
  project: Repeating & Pick<Project, "config">,
  steps: readonly PlannedStep[],
  rows: Rows,
  command: "upgrade" | "downgrade",
  log: Ran,
): Promise<readonly PlannedStep[]> {
  if (project.repeatables.length === 0 || (command === "downgrade" && steps.length === 0)) return steps;
  for (const { revision, direction } of steps) {
    if (direction === "upgrade") rows.up(revision.id);
    else rows.down(revision.id);
  }
  if (command === "upgrade") return [...steps, ...dueSteps(project, rows.now, log)];
  return [...(await takenSteps(project, rows.now, log)), ...steps];
}
