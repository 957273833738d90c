import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { localRevisions } from "../../check/local-revisions.js";
import { prove } from "../../check/prove.js";
import { settleSum } from "../../check/record-sum.js";
import { outcomeDifferences, outcomeOf } from "../../check/same-result.js";
import { refuseNamed, revisionsOf, squashedPhase, squashText } from "../../check/squash.js";
import { AludelError } from "../../error/error.js";
import { shortPath } from "../../error/format.js";
import { fileNameOf } from "../../revision/file-name.js";
import { buildGraph } from "../../revision/graph/graph.js";
import type { GraphNode } from "../../revision/graph/node.js";
import { historyRange } from "../../revision/graph/range.js";
import { planSquash, type Squash } from "../../revision/graph/squash.js";
import { readRevision } from "../../revision/read-header.js";
import { readText } from "../../revision/read-text.js";
import { replaceFiles } from "../../revision/replace-files.js";
import type { Revision } from "../../revision/revision.js";
import { keptFolderOf } from "../../run/kept.js";
import type { Project } from "../../run/project.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { showProof } from "../print/proof.js";

/** `aludel squash FROM:TO -m MESSAGE`: several revisions become one with the same result. */
export async function run(context: Context, options: CommandOptions["squash"]): Promise<ExitCode> {
  const project = await context.project();
  const plan = planSquash(await chosen(project, options));
  refuseNamed(project, plan);
  const old = revisionsOf(project, plan);
  const message =
    options.message ??
    (await context.ask({ text: "What do they do together?", choices: [], default: null, flag: '-m "…"' }));
  const place = dirname(old.at(-1)?.file ?? project.config.revisions);
  const folder = keptFolderOf(place, plan.top.id);
  if (existsSync(folder)) throw keptAlready(plan, folder);
  context.out.status(`running ${old.map(({ id }) => id).join(", ")} on a scratch database …`);
  const before = await outcomeOf(project, plan.top.id, context.openScratch);
  const createdAt = old.at(-1)?.createdAt ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  const { id } = plan.top;
  const { revises, dependsOn, labels } = plan;
  const header = { id, revises, dependsOn, labels, message, createdAt, ...squashedPhase(old) };
  const text = await squashText(project, old, header, before.schema);
  const ending = text.startsWith("--") ? "sql" : "ts";
  const file = join(place, `${fileNameOf(project.config.fileName, header)}.${ending}`);
  const squashed = readRevision(file, text);
  const undo = replaceFiles([
    ...old.map((revision) => ({
      from: revision.file,
      to: join(folder, keptName(revision, old)),
      text: readText(revision.file),
    })),
    { from: null, to: file, text },
  ]);
  try {
    const revisions = [...project.revisions.filter((one) => !old.includes(one)), squashed];
    const after = { ...project, revisions, graph: buildGraph(revisions) };
    await requireSame(context, after, squashed, before, options.rows);
    await settleSum(project.config, { written: [squashed], removed: old });
  } catch (error) {
    undo();
    throw error;
  } finally {
    context.out.status(null);
  }
  tell(context, squashed, old, folder);
  return 0;
}

/** Files of several folders may have one name. */
function keptName({ id, file }: Revision, all: readonly Revision[]): string {
  const name = basename(file);
  return all.filter((other) => basename(other.file) === name).length > 1 ? `${id}_${name}` : name;
}

/** A range, or what a branch does not have. @throws AludelError `usage` where neither or both are given. */
async function chosen(
  project: Project,
  { range, since }: CommandOptions["squash"],
): Promise<Iterable<GraphNode>> {
  if ((range === null) === (since === null)) {
    throw new AludelError("usage", "It has to be said which revisions become one", {
      remedy: "Give a range, aludel squash FROM:TO, or a branch of git, aludel squash --since origin/main.",
    });
  }
  if (range === null) return (await localRevisions(project, since)).nodes;
  return historyRange(project.graph, range, []);
}

/** @throws AludelError `proof-failed` where the one revision leads elsewhere than those that it stands for. */
async function requireSame(
  context: Context,
  project: Project,
  squashed: Revision,
  before: Awaited<ReturnType<typeof outcomeOf>>,
  rows: boolean,
): Promise<void> {
  const different = await outcomeDifferences(project, squashed.id, before, context.openScratch);
  const wanted = { schema: before.schema, unsaid: [] };
  const proof =
    different.length > 0 ? null : await prove(project, squashed, wanted, context.openScratch, { rows });
  if (proof?.holds === true) return context.out.talk(showProof(context.out, proof));
  const failed = proof?.steps.find(({ result }) => result === "failed");
  throw new AludelError("proof-failed", "One revision would not do what these do", {
    details: [
      ...different,
      ...(failed === undefined ? [] : [`"${failed.part}" failed`, ...failed.lines]),
      "Nothing was changed.",
    ],
    data: { different, proof },
    remedy: "Squash a smaller range, to find the revision that is in the way.",
  });
}

function keptAlready({ top }: Squash, folder: string): AludelError {
  return new AludelError(
    "squash-refused",
    `${top.id} was made of others already, which are kept in ${folder}`,
    {
      where: { revision: top.id, file: folder },
      remedy:
        "Choose a range that ends in another revision; or remove the folder, when no database is at one of its revisions.",
    },
  );
}

function tell({ out, cwd }: Context, squashed: Revision, old: readonly Revision[], folder: string): void {
  out.data({
    revision: squashed.id,
    file: squashed.file,
    revises: squashed.revises,
    squashed: old.map(({ id }) => id),
    kept: folder,
  });
  out.text(shortPath(squashed.file, cwd));
  out.talk(
    `${old.map(({ id }) => id).join(", ")} are one now, with the id ${squashed.id}. The old files are in ${shortPath(folder, cwd)}, for databases that are in the middle of them.`,
  );
}
