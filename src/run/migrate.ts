import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { redact } from "../error/redact.js";
import { type PlannedStep, planSteps } from "../plan/plan-steps.js";
import { closure } from "../revision/graph/closure.js";
import type { Revision } from "../revision/revision.js";
import { type AsRun, asRun, settleStatements, settlesAfter } from "./as-run.js";
import { addCountedColumns, makeBookkeeping } from "./bookkeeping.js";
import type { Cost } from "./cost.js";
import { type DatabaseState, readDatabaseState } from "./database-state.js";
import type { Report } from "./event.js";
import { executeRevision } from "./execute-revision.js";
import { type Patience, patient, Waits } from "./give-way.js";
import { Rows, workOf } from "./history.js";
import { requireHome } from "./home.js";
import { inTransactionWithoutForeignKeys } from "./in-transaction.js";
import { keptAsRun } from "./kept.js";
import { requireOwnProcess } from "./own-process.js";
import { bookkeepingOf, type Project } from "./project.js";
import { withRepeatables, withStaying } from "./repeatables.js";
import { requireSums } from "./require-sums.js";
import { type Body, loadBody } from "./revision-body.js";
import type { Around, RunContext } from "./run-context.js";
import { thisRunner } from "./runner.js";
import { refuseEdited, refuseEmptied, refuseUnknownRows, refuseUnversioned } from "./safety.js";
import { takeLock } from "./take-lock.js";

export interface MigrateOptions {
  readonly command: "upgrade" | "downgrade";
  readonly targets: readonly string[];
  readonly transaction: "each" | "all";
  /** Milliseconds to wait for another runner. */
  readonly lockTimeoutMs: number;
  readonly allowEdited: boolean;
  /** How long statements wait for others; absent, as long as the server lets them. */
  readonly patience?: Patience;
  /** Looks under the lock at what is about to run; what it throws ends the run before its first statement. */
  readonly check?: ((rows: readonly string[], steps: readonly PlannedStep[]) => void) | undefined;
  /** What the run is called in the run log; absent: it has no name. */
  readonly run?: string | undefined;
  /** Takes secrets out of what is written down of an error; absent: those are, that can be told by how they stand. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Stands around every statement of a revision. */
  readonly around?: Around | undefined;
  /** Is called under the lock when all revisions have run; not where there was nothing to run and no lock to take. */
  readonly beforeRelease?: ((result: MigrateResult) => Promise<void>) | undefined;
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface MigrateResult {
  readonly executed: readonly {
    readonly revision: Revision;
    readonly direction: "upgrade" | "downgrade";
    readonly durationMs: number;
    readonly statements: number;
    readonly cost: Cost;
  }[];
  /** The version table's rows after the run. */
  readonly rows: readonly string[];
}

/** Where a database is, and what a command would do there. */
interface Situation extends DatabaseState {
  readonly steps: readonly PlannedStep[];
  /** Where revisions were moved since they ran here, and it has not been put right yet. */
  readonly known: AsRun | null;
}

/**
 * Upgrades or downgrades a database: plans, takes the lock, plans again with what it then finds, and runs each
 * revision. A database that is at its target already costs two queries and no lock.
 *
 * @throws AludelError of the safety rules (and of `requireSums` for an upgrade) before anything ran; of `executeRevision` when a revision fails: those
 * before it stay applied.
 */
export async function migrate(
  project: Project,
  connection: Connection,
  options: MigrateOptions,
): Promise<MigrateResult> {
  if (options.command === "upgrade") requireSums(project);
  const first = await situate(project, connection, options);
  const checkEdited = async ({ project: at, rows, steps, log, known }: Situation) => {
    if (steps.length > 0) refuseEmptied(at, rows, log);
    if (options.allowEdited || options.command !== "upgrade") return;
    const unchanged = [...(known?.moved ?? []), ...(await keptAsRun(at, log))];
    refuseEdited(at, closure(at.graph, rows), log, unchanged);
  };
  if (first.steps.length === 0 && first.versioned && first.known === null) {
    await checkEdited(first);
    return { executed: [], rows: first.rows };
  }
  const { lockTimeoutMs, signal, report } = options;
  const onWait = (holder: string) => report({ kind: "lock-wait", holder });
  const { openBeside, ownProcess = false } = options.patience ?? patient;
  if (openBeside !== null && !ownProcess) await requireOwnProcess(project.dialect, connection, openBeside);
  const began = performance.now();
  const lock = await takeLock(project, connection, { lockTimeoutMs, signal, onWait });
  try {
    report({ kind: "lock-taken", milliseconds: performance.now() - began });
    const situation = await situate(project, connection, options, { isLookedAt: true });
    await checkEdited(situation);
    options.check?.(situation.rows, situation.steps);
    const result = await runSteps(situation.project, connection, options, situation);
    await options.beforeRelease?.(result);
    return result;
  } finally {
    await lock.release();
  }
}

/** What the command would do, without doing any of it. */
export async function planMigration(
  project: Project,
  connection: Connection,
  options: Pick<MigrateOptions, "command" | "targets">,
): Promise<Pick<Situation, "project" | "rows" | "steps" | "known" | "log">> {
  return situate(project, connection, options);
}

async function situate(
  given: Project,
  connection: Connection,
  options: Pick<MigrateOptions, "command" | "targets">,
  { isLookedAt } = { isLookedAt: false },
): Promise<Situation> {
  const state = await readDatabaseState(given, connection);
  const { project, versioned, rows, log } = state;
  if (!versioned && !isLookedAt) await refuseUnversioned(given, connection);
  const byId = new Set(project.revisions.map(({ id }) => id));
  refuseUnknownRows(project, connection, rows, byId);
  const known = asRun(project, rows, log);
  const planned =
    known === null ? planSteps(project, rows, options) : planFrom(project, known, rows, options);
  const walked = new Rows(known?.graph ?? project.graph, rows);
  const steps = await withRepeatables(project, planned, walked, options.command, log);
  return { ...state, steps, known };
}

/**
 * What has to run where revisions were moved since they ran: on the way up first what now stands below them. The way down
 * from such a place is the one that leads back to where they ran.
 */
function planFrom(
  project: Project,
  known: AsRun,
  rows: readonly string[],
  options: Pick<MigrateOptions, "command" | "targets">,
): readonly PlannedStep[] {
  if (options.command === "downgrade" && known.late.length > 0)
    return planSteps({ ...project, graph: known.graph }, rows, options);
  const late = project.revisions.filter(({ id }) => known.late.includes(id));
  const ordered = known.late.flatMap((id) => late.find((one) => one.id === id) ?? []);
  const before = ordered.map((revision): PlannedStep => ({ revision, direction: "upgrade" }));
  return [...before, ...planSteps(project, known.settled, options)];
}

async function runSteps(
  project: Project,
  connection: Connection,
  options: MigrateOptions,
  situation: Situation,
): Promise<MigrateResult> {
  const { dialect } = project;
  const { known, log } = situation;
  const home = situation.steps.length === 0 ? null : await requireHome(project, connection);
  let rows = new Rows(known?.graph ?? project.graph, situation.rows);
  const waits = new Waits(connection, dialect, options.patience ?? patient, options.report);
  const context: RunContext = {
    connection,
    dialect,
    bookkeeping: bookkeepingOf(project.config),
    runner: thisRunner(project.config.root),
    root: project.config.root,
    arguments: project.arguments,
    transaction: options.transaction,
    signal: options.signal,
    report: options.report,
    waits,
    backfillTable: project.config.backfillTable,
    redact: options.redact ?? redact,
    around: options.around,
    home,
  };
  // Everything is loaded before anything runs: a file with a mistake, or without a way back, stops the run here.
  const loaded: (PlannedStep & { readonly body: Body })[] = [];
  for (const step of situation.steps) {
    loaded.push({ ...step, body: await loadBody(context, step.revision, step.direction) });
  }
  // Who is refused before this leaves nothing behind, not even these tables.
  const { versioned } = situation;
  if (!versioned || !log.isThere) await makeBookkeeping(project, connection);
  const isNew = !versioned && !log.isThere;
  const isCounted = isNew || (await addCountedColumns(project, connection));
  const counting = { ...context, counts: isCounted ? { run: options.run ?? null } : undefined };
  const total = loaded.length;
  options.report({ kind: "planned", total });
  const executed: MigrateResult["executed"][number][] = [];
  const settleAt = settlesAfter(known, options.command);
  const settle = async () => {
    if (known === null || executed.length !== settleAt) return;
    await settleMoved(project, context, known, rows.now);
    rows = new Rows(project.graph, known.settled);
  };
  const runAll = async () => {
    await settle();
    for (const { revision, direction, body } of loaded) {
      const position = executed.length + 1;
      options.report({ kind: "revision-started", revision, direction, position, total });
      const work = workOf(revision, direction, rows, log, options.allowEdited);
      if (work.statementsDone > 0) {
        options.report({ kind: "resumed", revision, statementsDone: work.statementsDone });
      }
      const done = await executeRevision(counting, work, body).catch((error: unknown) => {
        const notReached = loaded.slice(position).map((step) => step.revision);
        const told = direction === "downgrade" ? withStaying(error, situation) : error;
        throw withRunState(told, executed, notReached, options.transaction);
      });
      options.report({ kind: "revision-finished", revision, direction, ...done });
      executed.push({ revision, direction, ...done });
      await settle();
    }
  };
  await waits.begin();
  try {
    if (options.transaction === "all") await inTransactionWithoutForeignKeys(context, runAll);
    else await runAll();
  } finally {
    await waits.end();
  }
  return { executed, rows: [...rows.now].sort() };
}

async function settleMoved(
  project: Project,
  context: RunContext,
  known: AsRun,
  before: ReadonlySet<string>,
): Promise<void> {
  const { dialect, connection } = context;
  const statements = settleStatements(project, known, before);
  const whole = context.transaction === "all" ? statements : [dialect.begin, ...statements, "COMMIT"];
  await connection.run(whole.join(";\n"));
  context.report({ kind: "settled", moved: known.moved, rows: known.settled });
}

/** The failure of one revision with what that means for the others of the run. */
function withRunState(
  error: unknown,
  executed: MigrateResult["executed"],
  notReached: readonly Revision[],
  transaction: MigrateOptions["transaction"],
): unknown {
  if (!(error instanceof AludelError)) return error;
  const names = (revisions: readonly Revision[]) => {
    const [first, last] = [revisions[0], revisions.at(-1)];
    return revisions.length > 6
      ? `${first?.id} … ${last?.id} (${revisions.length} revisions)`
      : revisions.map((revision) => revision.id).join(", ");
  };
  const before = executed.map((done) => done.revision);
  const kept = transaction === "each" ? "Done before it, and kept" : "Rolled back with it";
  return new AludelError(error.code, error.message, {
    where: error.where,
    remedy: error.remedy,
    cause: error.cause,
    details: [
      ...error.details,
      ...(before.length > 0 ? [`${kept}: ${names(before)}.`] : []),
      ...(notReached.length > 0 ? [`Not reached: ${names(notReached)}.`] : []),
    ],
    data: {
      ...error.data,
      applied: transaction === "each" ? before.map((revision) => revision.id) : [],
      notReached: notReached.map((revision) => revision.id),
    },
  });
}
