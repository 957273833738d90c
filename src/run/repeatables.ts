import { AludelError } from "../error/error.js";
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

/** What a repeatable revision stands on. */
export interface StandsOn {
  /** Ids in the graph; with all that they require they have to be there. */
  readonly ids: readonly string[];
  /** Other repeatable revisions, in the order in which they run. */
  readonly repeatables: readonly Revision[];
}

/** What has to be there before a repeatable revision can run. */
export function standsOn({ graph, repeatables }: Repeating, revision: Revision): StandsOn {
  const ids = new Set<string>();
  const others = new Set<Revision>();
  const visit = ({ dependsOn }: Revision) => {
    if (dependsOn.length === 0) for (const { id } of graph.finalHeads) ids.add(id);
    for (const name of dependsOn) {
      const other = repeatables.find(({ id }) => id === name);
      if (other === undefined) ids.add(graph.labels.get(name)?.id ?? name);
      else if (!others.has(other)) visit(addedTo(others, other));
    }
  };
  visit(revision);
  return { ids: [...ids], repeatables: repeatables.filter((one) => others.has(one)) };
}

function addedTo(others: Set<Revision>, one: Revision): Revision {
  others.add(one);
  return one;
}

/**
 * The failure of a downgrade with what may be the reason: repeatable revisions that ran here and were not taken back, because
 * they have no way back, or because they do not name what they stand on.
 */
export function withStaying(
  error: unknown,
  {
    project,
    steps,
    log,
  }: { readonly project: Repeating; readonly steps: readonly PlannedStep[]; readonly log: Ran },
): unknown {
  const staying = project.repeatables
    .filter((one) => log.checksums.has(one.id) && !steps.some(({ revision }) => revision === one))
    .map(({ id }) => id);
  if (!(error instanceof AludelError) || error.code !== "upgrade-failed" || staying.length === 0)
    return error;
  const names = staying.join(", ");
  const remedy =
    `If something that ${names} made stands in the way: give ${staying.length === 1 ? "it" : "them"} a downgrade, and name in dependsOn, ` +
    "if there is any, all that is used; what is then no longer there is taken back first. " +
    `Or drop it by hand, and the next upgrade makes it again once the file has changed. Otherwise: ${error.remedy}`;
  return new AludelError(error.code, error.message, {
    where: error.where,
    remedy,
    details: [...error.details, `Repeatable revisions that ran here and stay: ${names}.`],
    data: { ...error.data, staying },
    cause: error.cause,
  });
}
