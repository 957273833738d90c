import type { Scratch } from "../../dialect/dialect.js";
import type { Step } from "../../dialect/step.js";
import type { Measured } from "../../dialect/tracer.js";
import type { AnalysedStatement, GivenStatement } from "../../effect/statement.js";
import { AludelError } from "../../error/error.js";
import { readHistory } from "../../lint/lint-revisions.js";
import { prepareRevision } from "../../lint/prepare-revision.js";
import { shownPath } from "../../lint/sql-files.js";
import type { Revision } from "../../revision/revision.js";
import { applyHistory } from "../../run/apply-history.js";
import type { Project } from "../../run/project.js";
import { historyOf } from "../../run/replay.js";
import { Walk } from "../walk.js";
import { differencesOf } from "./differences.js";
import type { FillRows } from "./many-rows.js";
import { isTransactional, scratchOnly } from "./trace-files.js";
import type { TracedRun, TracedStatement } from "./traced.js";
import { interrupted, requireTracer, startTracing, stoppable, type Tracing } from "./tracing.js";

export interface TraceRevisionsOptions {
  /** Paths of files are shown from here. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly fill: FillRows;
  readonly progress: (revision: Revision) => void;
}

export interface TracedRevisions {
  readonly runs: readonly TracedRun[];
  readonly scratch: string;
  readonly server: string;
}

/**
 * Runs revisions, parents first, on a scratch database that has their history, and measures every statement. They go
 * through the same code as an upgrade: what is measured is what will run.
 *
 * @throws AludelError `upgrade-failed` with the statement that failed; `interrupted`, `trace-unsupported`.
 */
export async function traceRevisions(
  project: Project,
  revisions: readonly Revision[],
  openScratch: () => Promise<Scratch>,
  options: TraceRevisionsOptions,
): Promise<TracedRevisions> {
  requireTracer(project.dialect);
  const walk = new Walk(project, openScratch);
  let tracing: Tracing | null = null;
  const runs: TracedRun[] = [];
  let server = "";
  try {
    for (const revision of revisions) {
      options.progress(revision);
      if (tracing !== null && !walk.fits(revision)) {
        await tracing.tracer.close();
        tracing = null;
      }
      await walk.goBefore(revision);
      server = walk.connection.server.product;
      tracing ??= await startTracing(project.dialect, walk.scratch);
      runs.push(await traceOne(walk, revision, tracing, options));
      walk.pass(revision);
    }
    return { runs, scratch: walk.description, server };
  } finally {
    await tracing?.tracer.close();
    await walk.dispose();
  }
}

/** A statement as it was carried out. */
interface Executed {
  readonly step: Step;
  readonly inTransaction: boolean;
  readonly measured: Measured;
}

async function traceOne(
  walk: Walk,
  revision: Revision,
  { tracer }: Tracing,
  { cwd, signal, fill }: TraceRevisionsOptions,
): Promise<TracedRun> {
  const { project, connection } = walk;
  const executed: Executed[] = [];
  await stoppable(signal, connection, async () => {
    await fill(connection);
    await tracer.begin();
    await applyHistory(
      project,
      connection,
      [revision],
      "upgrade",
      undefined,
      async (step, inTransaction, run) => {
        if (signal.aborted) throw interrupted();
        executed.push({ step, inTransaction, measured: await tracer.measure(step.sql, inTransaction, run) });
      },
    ).catch((error: unknown) => {
      throw signal.aborted ? error : onScratch(error);
    });
  });
  const analysed = await analyseExecuted(project, revision, executed, connection.server.version, cwd);
  const shown = shownPath(cwd, revision.file);
  const statements: TracedStatement[] = [];
  for (const [at, { step, measured }] of executed.entries()) {
    const one = analysed[at] ?? null;
    const place = one ?? { line: 1, endLine: 1 };
    const transactional = await isTransactional(project.dialect, step.sql);
    statements.push({
      file: shown,
      line: place.line,
      endLine: place.endLine,
      sql: step.sql,
      measured,
      skipped: null,
      analysed: one,
      differences: one === null ? [] : differencesOf(one, measured, transactional),
      estimated: null,
    });
  }
  return { file: shown, revision: { id: revision.id, message: revision.message }, statements };
}

/** What to do next is another thing here than in an upgrade. */
function onScratch(error: unknown): unknown {
  if (!(error instanceof AludelError)) return error;
  const cause = error.cause instanceof AludelError ? error.cause : null;
  return new AludelError(error.code, error.message, {
    where: error.where,
    cause: error.cause,
    details: [...error.details, scratchOnly],
    data: error.data,
    remedy: cause?.remedy ?? "Mend the revision.",
  });
}

/** The answer without a database, for the statements that were really carried out. */
async function analyseExecuted(
  project: Project,
  revision: Revision,
  executed: readonly Executed[],
  version: number,
  cwd: string,
): Promise<readonly AnalysedStatement[]> {
  const { dialect, graph } = project;
  if (dialect.analyse === undefined) return [];
  const serverVersion = Math.floor(version / 10_000);
  const required = (graph.nodes.get(revision.id)?.requires ?? []).map(({ id }) => id);
  const history = await readHistory(project, historyOf(project, required), serverVersion, cwd);
  const prepared = await prepareRevision(revision, {
    project,
    track: history.track,
    serverVersion: version,
    shown: shownPath(cwd, revision.file),
    linted: true,
    downgrade: false,
  });
  const { sql } = prepared.upgrade;
  const statements = placed(executed, sql.statements ?? []);
  const settings = { serverVersion, inTransaction: true };
  return dialect.analyse(
    [{ ...sql, statements }],
    history.end === null ? settings : { ...settings, ...history.end },
  );
}

/** With the lines of the statements of the same text, in their order. */
function placed(executed: readonly Executed[], known: readonly GivenStatement[]): readonly GivenStatement[] {
  const left = [...known];
  return executed.map(({ step, inTransaction }) => {
    const at = left.findIndex(({ sql }) => sql === step.sql);
    const [found] = at === -1 ? [] : left.splice(at, 1);
    const outside = !inTransaction || step.transaction !== "joins";
    const { line, endLine } = found ?? { line: 1, endLine: 1 };
    return { sql: step.sql, op: step.because, line, endLine, ...(outside ? { outside } : {}) };
  });
}
