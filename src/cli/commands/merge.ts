import { folderNamed } from "../../check/folder.js";
import { requireLine } from "../../check/history-policy.js";
import { parentsOf, resolveTarget } from "../../check/parents.js";
import { writeRevision } from "../../check/write-revision.js";
import { AludelError } from "../../error/error.js";
import type { Graph } from "../../revision/graph/graph.js";
import { emptySchema } from "../../schema/build.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { finishWritten, proveWritten, tellWritten } from "../written-revision.js";

/** `aludel merge [target…] -m MESSAGE`: a revision that revises several heads and does nothing itself. */
export async function run(context: Context, options: CommandOptions["merge"]): Promise<ExitCode> {
  const project = await context.project();
  const revises = headsToMerge(project.graph, options.targets);
  requireLine(project, revises);
  const schema = emptySchema(project.dialect.name);
  const change = {
    before: schema,
    after: schema,
    upgrade: [],
    downgrade: [],
    loses: [],
    warnings: [],
    doubts: [],
  };
  const written = await writeRevision(
    project,
    {
      message: options.message ?? `merge ${revises.slice(0, -1).join(", ")} and ${revises.at(-1)}`,
      revises,
      dependsOn: options.dependsOn.flatMap((one) => resolveTarget(project.graph, one).map(({ id }) => id)),
      labels: options.branchLabel,
      id: options.revId,
      renames: [],
      drops: [],
      inline: true,
      format: options.sql ? "sql" : "typescript",
      ...(options.versionPath !== null && { folder: folderNamed(project, context.cwd, options.versionPath) }),
    },
    change,
  );
  const revision = await finishWritten(project, written);
  tellWritten(context, revision, change);
  if (options.verify) await proveWritten(context, project, revision, null, { rows: options.rows });
  context.out.data({ file: revision.file, revision: revision.id, revises: revision.revises });
  return 0;
}

/** @throws AludelError `usage` where there are not two, and for a revision that is no head. */
function headsToMerge(graph: Graph, targets: readonly string[]): readonly string[] {
  const all = targets.length === 0 || (targets.length === 1 && targets[0] === "heads");
  const heads = all ? graph.heads.map(({ id }) => id) : parentsOf(graph, targets, false);
  if (heads.length > 1) return heads;
  const [only] = heads;
  throw new AludelError(
    "usage",
    only === undefined ? "There are no revisions to merge" : `There is nothing to merge with ${only}`,
    {
      ...(only === undefined ? {} : { where: { revision: only } }),
      remedy: all
        ? "A merge joins two heads or more: `aludel heads` shows them."
        : "Name two heads or more, or none for all of them: `aludel heads` shows them.",
    },
  );
}
