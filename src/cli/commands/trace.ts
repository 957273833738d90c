import { statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { besideRepeatables } from "../../check/beside-repeatables.js";
import type { FillRows } from "../../check/trace/many-rows.js";
import { traceWithRows } from "../../check/trace/trace.js";
import { traceFiles } from "../../check/trace/trace-files.js";
import { traceRevisions } from "../../check/trace/trace-revisions.js";
import type { Trace, TracedRun } from "../../check/trace/traced.js";
import { requireTracer } from "../../check/trace/tracing.js";
import type { Dialect, Scratch } from "../../dialect/dialect.js";
import { dialectOfUrl, loadDialect } from "../../dialect/registry.js";
import { timelineOf } from "../../effect/timeline.js";
import { AludelError, messageOf } from "../../error/error.js";
import { readSqlFile, shownPath, sqlFiles } from "../../lint/sql-files.js";
import type { Revision } from "../../revision/revision.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { count } from "../print/progress.js";
import { timelineSvg } from "../print/timeline-svg.js";
import { showTrace, timelineStatements, traceData, unexpected } from "../print/trace.js";
import { readRevisions } from "../target.js";

type Options = CommandOptions["trace"];

/** `aludel trace [target...]`: what do revisions, or files of SQL, really lock and do? */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const { targets, rows, svg } = options;
  const isFile = targets.map((target) => namesFile(context.cwd, target));
  const areFiles = targets.length > 0 && isFile.every((one) => one);
  if (!areFiles && isFile.some((one) => one)) {
    throw new AludelError("usage", "Revisions and files of SQL cannot be traced together", {
      remedy: "Trace them one after the other.",
    });
  }
  const { dialect, once } = areFiles ? await ofFiles(context, options) : await ofRevisions(context, targets);
  requireTracer(dialect);
  const trace = await traceWithRows(dialect, rows, once).finally(() => context.out.status(null));
  if (svg !== null) writePicture(resolve(context.cwd, svg), trace);
  return answer(context, trace);
}

interface Asked {
  readonly dialect: Dialect;
  readonly once: (fill: FillRows) => Promise<Omit<Trace, "rows">>;
}

function namesFile(cwd: string, target: string): boolean {
  const found = statSync(resolve(cwd, target), { throwIfNoEntry: false });
  return /\.sql$/i.test(target) || found?.isDirectory() === true;
}

async function ofRevisions(context: Context, targets: readonly string[]): Promise<Asked> {
  const { cwd, signal, out } = context;
  const revisions = await revisionsAsked(context, targets.length === 0 ? ["heads"] : targets);
  const project = await besideRepeatables(await context.project());
  return {
    dialect: project.dialect,
    once: (fill) =>
      traceRevisions(project, revisions, context.openScratch, {
        cwd,
        signal,
        fill,
        progress: ({ id }) => out.status(`tracing ${id}`),
      }),
  };
}

/** Parents first. */
async function revisionsAsked(context: Context, targets: readonly string[]): Promise<readonly Revision[]> {
  const { graph, revisions } = await context.project();
  const ids = new Set<string>();
  for (const target of targets) {
    const { nodes } = await readRevisions(context, target);
    for (const { id } of nodes) ids.add(id);
  }
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  return graph.order.flatMap(({ id }) => (ids.has(id) ? (byId.get(id) ?? []) : []));
}

async function ofFiles(context: Context, { targets, transaction }: Options): Promise<Asked> {
  const { cwd, signal, out } = context;
  const { dialect, openScratch } = await scratchForFiles(context);
  const files = sqlFiles(cwd, targets).map((file) => readSqlFile(file, shownPath(cwd, file), true));
  return {
    dialect,
    once: async (fill) => {
      const scratch = await openScratch();
      try {
        const runs = await traceFiles(dialect, files, scratch, {
          inTransaction: transaction,
          signal,
          fill,
          progress: (file) => out.status(`tracing ${file}`),
        });
        return { runs, scratch: scratch.description, server: scratch.connection.server.product };
      } finally {
        await scratch.dispose();
      }
    },
  };
}

/** Files need no configuration: without one the scratch database is made near to `--url`, or in this process. */
async function scratchForFiles(
  context: Context,
): Promise<{ readonly dialect: Dialect; readonly openScratch: () => Promise<Scratch> }> {
  const config = await context.config().catch((error: unknown) => {
    if (error instanceof AludelError && error.code === "config-not-found") return null;
    throw error;
  });
  if (config !== null) return { dialect: await context.dialect(), openScratch: context.openScratch };
  const environmentUrl = await context.environment().then(
    ({ url }) => url,
    () => null,
  );
  const name = environmentUrl === null ? "postgres" : dialectOfUrl(environmentUrl);
  const dialect = await loadDialect(name);
  return {
    dialect,
    openScratch: () => dialect.openScratch({ url: null, environmentUrl, directory: context.cwd }),
  };
}

function answer({ out }: Context, trace: Trace): ExitCode {
  const statements = trace.runs.flatMap((run) => run.statements);
  const wrong = unexpected(trace);
  out.data(traceData(trace));
  out.text(showTrace(trace, out.style, out.columns));
  if (trace.runs.length === 0) out.talk("There is no revision to trace.");
  else out.talk(`${count(statements.length, "statement")} traced on ${trace.scratch}, ${trace.server}`);
  if (wrong === 0) return 0;
  out.warn(
    `${count(wrong, "statement")} did not do what Aludel expected: this is a bug in Aludel's catalogue: please report it, with the statement and the server's version.`,
  );
  return 1;
}

function writePicture(file: string, { runs }: Trace): void {
  const title = ({ file, revision }: TracedRun) =>
    revision === null ? file : `${revision.id} ${revision.message}`;
  const drawn = runs.map((run) => ({
    title: title(run).split("\n")[0] ?? "",
    timeline: timelineOf(timelineStatements(run)),
  }));
  try {
    writeFileSync(file, timelineSvg(drawn));
  } catch (error) {
    throw new AludelError("file-unwritable", `The picture cannot be written: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Give --svg a file that can be written.",
    });
  }
}
