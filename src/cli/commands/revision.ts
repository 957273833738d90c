import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { askConnection, lazyScratch } from "../../check/engine.js";
import { filterFound } from "../../check/filtered.js";
import { type AutogenerateOptions, type Change, findChange } from "../../check/find-change.js";
import { parentsOf, resolveTarget } from "../../check/parents.js";
import { runPostWrite } from "../../check/post-write.js";
import { prove } from "../../check/prove.js";
import { type Models, readModels } from "../../check/read-models.js";
import { inspectLike } from "../../check/sides.js";
import { writeRevision } from "../../check/write-revision.js";
import { parseRename } from "../../diff/place.js";
import { describeOp } from "../../op/apply.js";
import { buildGraph } from "../../revision/graph/graph.js";
import { readRevision } from "../../revision/read-header.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import { replay } from "../../run/replay.js";
import { emptySchema } from "../../schema/build.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { proofFailure, showProof } from "../print/proof.js";

/** `aludel revision -m "…" [--autogenerate]` */
export async function run(context: Context, options: CommandOptions["revision"]): Promise<ExitCode> {
  const message =
    options.message ??
    (await context.ask({ text: "What does the revision do?", choices: [], default: null, flag: '-m "…"' }));
  const project = await context.project();
  const target: AutogenerateOptions = {
    message,
    revises: parentsOf(project.graph, options.head, options.splice),
    dependsOn: options.dependsOn.flatMap((one) => resolveTarget(project.graph, one).map(({ id }) => id)),
    labels: options.branchLabel,
    id: options.revId,
    renames: options.rename.map(parseRename),
    drops: options.drop,
    format: options.sql ? "sql" : "typescript",
  };
  if (!options.autogenerate) return writeEmpty(context, project, target);
  return autogenerate(context, project, target, options);
}

function nothing({ dialect }: Project): Change {
  const schema = emptySchema(dialect.name);
  return { before: schema, after: schema, upgrade: [], downgrade: [], loses: [], warnings: [] };
}

async function writeEmpty(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
): Promise<ExitCode> {
  const revision = await writeRevision(project, target, nothing(project));
  const written = format(project, revision);
  tell(context, written, nothing(project));
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
  try {
    const models = await readModels(project.config, project.dialect.name, context.openScratch);
    const change = await changeOf(context, project, target, options, models, scratch.ask);
    if (change.upgrade.length === 0 && !options.empty) {
      context.out.data({ file: null, revision: null, ops: [] });
      context.out.talk("Nothing to generate: the revisions lead to the models already.");
      return 0;
    }
    const revision = await writeRevision(project, target, change);
    const written = format(project, revision);
    tell(context, written, change);
    if (options.verify) await proveWritten(context, project, written, models);
    // Only now: a proof that fails ends in an error, which is then the one document.
    answer(context, written, change);
    return 0;
  } finally {
    await scratch.dispose();
  }
}

async function changeOf(
  context: Context,
  project: Project,
  target: AutogenerateOptions,
  options: CommandOptions["revision"],
  models: Models,
  askScratch: Parameters<typeof findChange>[4],
): Promise<Change> {
  if (options.against === "database") {
    const connection = await context.connect({ mustExist: true });
    const { schema } = await inspectLike(project, connection, models.schema);
    return findChange(project, schema, models, target, askConnection(project.dialect, connection));
  }
  const found = await replay(project, target.revises, context.openScratch);
  const { schema } = filterFound(project, found, models.schema);
  return findChange(project, schema, models, target, askScratch);
}

/** Lets the user's own formatter have the file, and reads it again as it then is. */
function format(project: Project, revision: Revision): Revision {
  const { postWrite, root } = project.config;
  if (postWrite.length === 0) return revision;
  runPostWrite(postWrite, revision.file, root);
  return readRevision(revision.file, readFileSync(revision.file, "utf8"));
}

async function proveWritten(
  context: Context,
  project: Project,
  revision: Revision,
  models: Models,
): Promise<void> {
  const revisions = [...project.revisions, revision];
  const grown: Project = { ...project, revisions, graph: buildGraph(revisions) };
  context.out.status(`proving ${revision.id} on a scratch database …`);
  const isWhole = grown.graph.finalHeads.length === 1;
  const proof = await prove(grown, revision, isWhole ? models : null, context.openScratch);
  context.out.status(null);
  if (!proof.holds) {
    const { markUnproved } = await import("../../check/mark-unproved.js");
    markUnproved(revision.file, proof);
    throw proofFailure(proof, revision.file);
  }
  context.out.talk(showProof(context.out, proof));
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

function tell(context: Context, revision: Revision, change: Change): void {
  context.out.text(relative(context.cwd, revision.file));
  for (const op of change.upgrade) context.out.talk(`  ${describeOp(op)}`);
  for (const warning of change.warnings)
    context.out.warn(`  ${context.out.style("yellow", "warning:")} ${warning}`);
}
