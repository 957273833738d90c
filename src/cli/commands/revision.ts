import type { Ask } from "../../check/ask.js";
import { besideRepeatables } from "../../check/beside-repeatables.js";
import { decideChange } from "../../check/decide.js";
import { askConnection, lazyScratch } from "../../check/engine.js";
import { filterFound } from "../../check/filtered.js";
import { type AutogenerateOptions, type Change, findOrAsk } from "../../check/find-change.js";
import { folderNamed } from "../../check/folder.js";
import { judgeHints } from "../../check/hints.js";
import { requireLine } from "../../check/history-policy.js";
import { KeptReplay } from "../../check/kept-replay.js";
import { parentsOf, resolveTarget } from "../../check/parents.js";
import { showAnswer } from "../../check/questions.js";
import { type Hint, readHints } from "../../check/read-hints.js";
import { type Models, readModels } from "../../check/read-models.js";
import { inspectLike } from "../../check/sides.js";
import { withStandIns } from "../../check/stand-ins.js";
import { writeRevision } from "../../check/write-revision.js";
import { parseRename } from "../../diff/place.js";
import { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import { replayForChange } from "../../run/replay.js";
import { emptySchema } from "../../schema/build.js";
import type { Schema } from "../../schema/schema.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { tellTaken, warnSpent } from "../print/hints.js";
import { finishWritten, proveWritten, tellWritten } from "../written-revision.js";

/** `aludel revision -m "…" [--autogenerate | --baseline]` */
export async function run(context: Context, options: CommandOptions["revision"]): Promise<ExitCode> {
  const message =
    options.message ??
    (options.baseline ? "baseline" : null) ??
    (await context.ask({ text: "What does the revision do?", choices: [], default: null, flag: '-m "…"' }));
  const project = await besideRepeatables(await context.project());
  refuseContradictions(options);
  const target: AutogenerateOptions = {
    message,
    revises: options.repeatable ? [] : parentsOf(project.graph, options.head, options.splice),
    dependsOn: options.dependsOn.flatMap((one) => requiredBy(project, one, options.repeatable)),
    labels: options.branchLabel,
    id: options.revId,
    renames: options.rename.map(parseRename),
    drops: options.drop,
    rows: { backfills: options.backfill, mapValues: options.mapValue, allow: options.allow },
    inline: options.inline,
    format: options.sql ? "sql" : "typescript",
    ...(options.versionPath !== null && { folder: folderNamed(project, context.cwd, options.versionPath) }),
  };
  if (options.repeatable) return writeEmpty(context, project, { ...target, repeatable: true });
  requireLine(project, target.revises);
  if (options.baseline) return baseline(context, project, target, options);
  if (!options.autogenerate) return writeEmpty(context, project, target);
  return autogenerate(context, project, target, options);
}

/** A repeatable revision may depend on another one, too. */
function requiredBy(project: Project, name: string, repeatable: boolean): readonly string[] {
  if (repeatable && project.repeatables.some(({ id }) => id === name)) return [name];
  return resolveTarget(project.graph, name).map(({ id }) => id);
}

function refuseContradictions({
  baseline,
  autogenerate,
  stamp,
  otherTools,
  repeatable,
  head,
  splice,
  branchLabel,
}: CommandOptions["revision"]): void {
  if (repeatable && (autogenerate || baseline || head.length > 0 || splice || branchLabel.length > 0)) {
    throw new AludelError("usage", "A repeatable revision stands after the graph, and is written by hand", {
      remedy:
        "Leave --autogenerate, --baseline, --head, --splice and --branch-label out. What has to run before it is named with --depends-on.",
    });
  }
  if (baseline && autogenerate) {
    throw new AludelError("usage", "--baseline and --autogenerate each say what goes into the revision", {
      remedy: "Leave one out: --baseline writes what the database has, --autogenerate what the models need.",
    });
  }
  if ((stamp || otherTools) && !baseline) {
    const flag = stamp ? "--stamp" : "--other-tools";
    throw new AludelError("usage", `${flag} belongs to --baseline`, {
      remedy: "A revision that changes something is run with `aludel upgrade`.",
    });
  }
}

async function baseline(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
  options: CommandOptions["revision"],
): Promise<ExitCode> {
  const [{ findBaseline }, { writeBaseline, baselineAnswer }] = await Promise.all([
    import("../../check/baseline.js"),
    import("../write-baseline.js"),
  ]);
  const connection = await context.connect({ mustExist: true });
  const found = await findBaseline(project, connection, options.otherTools ? "keep" : "ignore");
  const { verify, rows, stamp } = options;
  const revision = await writeBaseline(context, project, connection, found, { target, verify, rows, stamp });
  context.out.data(baselineAnswer(revision, found, stamp));
  return 0;
}

function nothing({ dialect }: Project): Change {
  const schema = emptySchema(dialect.name);
  return { before: schema, after: schema, upgrade: [], downgrade: [], loses: [], warnings: [], doubts: [] };
}

async function writeEmpty(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
): Promise<ExitCode> {
  const revision = await writeRevision(project, target, nothing(project));
  const written = await finishWritten(project, revision);
  tellWritten(context, written, nothing(project));
  answer(context, written, nothing(project));
  return 0;
}

async function autogenerate(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
  options: CommandOptions["revision"],
): Promise<ExitCode> {
  const scratch = lazyScratch(project.dialect, context.openScratch);
  const replayed = new KeptReplay();
  try {
    const models = await readModels(project.config, project.dialect.name, context.openScratch);
    const start = await startOf(context, project, target, options, models, {
      ask: scratch.ask,
      ...(options.verify ? { keep: replayed.keep } : {}),
    });
    const { change, taken } = await changeOf(context, project, target, models, start);
    if (change.upgrade.length === 0 && !options.empty) {
      context.out.data({ file: null, revision: null, ops: [] });
      context.out.talk("Nothing to generate: the revisions lead to the models already.");
      return 0;
    }
    const revision = await writeRevision(project, target, change);
    const written = await finishWritten(project, revision);
    tellWritten(context, written, change);
    tellTaken(context, taken);
    if (options.verify) {
      const openScratch = withStandIns(project, models.standIns, context.openScratch);
      const { rows } = options;
      await proveWritten({ ...context, openScratch }, project, written, models, {
        rows,
        begun: replayed.take(),
      });
    }
    // Only now: a proof that fails ends in an error, which is then the one document.
    answer(context, written, change);
    return 0;
  } finally {
    await replayed.dispose();
    await scratch.dispose();
  }
}

async function changeOf(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
  models: Models,
  { from, ask }: Start,
): Promise<{ readonly change: Change; readonly taken: readonly Hint[] }> {
  const hints = judgeHints(from, models.schema, await readHints(models.files), target);
  warnSpent(context, hints.spent);
  const hinted = { ...target, renames: [...target.renames, ...hints.needed.map(({ rename }) => rename)] };
  const find = (decided: AutogenerateOptions) => findOrAsk(project, from, models, decided, ask);
  const { informants } = await import("../ask-change.js");
  const { change, answers } = await decideChange(hinted, find, informants(context, project, models.schema));
  if (answers.length > 0) {
    context.out.talk(`The same without questions: ${answers.map(showAnswer).join(" ")}`);
  }
  return { change, taken: hints.needed };
}

/** What the models are held against, and who says whether texts mean the same. */
interface Start {
  readonly from: Schema;
  readonly ask: Ask;
}

async function startOf(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
  options: CommandOptions["revision"],
  models: Models,
  scratch: { readonly ask: Ask; readonly keep?: KeptReplay["keep"] },
): Promise<Start> {
  if (options.against === "database") {
    const connection = await context.connect({ mustExist: true });
    const { schema } = await inspectLike(project, connection, models.schema);
    return { from: schema, ask: askConnection(project.dialect, connection) };
  }
  const openScratch = withStandIns(project, models.standIns, context.openScratch);
  const found = await replayForChange(project, target.revises, openScratch, scratch.keep);
  const { schema } = filterFound(project, found, models.schema);
  return { from: schema, ask: scratch.ask };
}

function answer(context: Context, revision: Revision, change: Change): void {
  context.out.data({
    file: revision.file,
    revision: revision.id,
    revises: revision.revises,
    ops: change.upgrade,
    loses: change.loses,
  });
}
