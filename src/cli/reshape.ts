import { basename, dirname, join } from "node:path";
import type { Proof } from "../check/proof.js";
import { proveAll } from "../check/prove.js";
import { settleSum } from "../check/record-sum.js";
import { AludelError } from "../error/error.js";
import { fileNameOf } from "../revision/file-name.js";
import { buildGraph } from "../revision/graph/graph.js";
import type { CreatedOf } from "../revision/graph/linear.js";
import type { Move } from "../revision/graph/rebase.js";
import { readRevision } from "../revision/read-header.js";
import { readText } from "../revision/read-text.js";
import { type FileChange, replaceFiles } from "../revision/replace-files.js";
import type { Revision } from "../revision/revision.js";
import { type HeaderEdit, rewriteHeader } from "../revision/rewrite-header.js";
import type { Project } from "../run/project.js";
import { type AppliedAnswer, askApplied, refuseApplied } from "./ask-applied.js";
import type { Context } from "./context.js";
import { showProof } from "./print/proof.js";

/** What both `rebase` and `linear --fix` take. */
export interface ReshapeOptions {
  readonly dates: boolean;
  readonly verify: boolean;
  /** False for `--no-rows`. */
  readonly rows: boolean;
  /** True for `--allow-applied`. */
  readonly allowApplied: boolean;
}

/** A revision's file, rewritten. */
interface Rewritten {
  readonly move: Move | null;
  readonly before: Revision;
  readonly after: Revision;
  readonly text: string;
}

export interface Reshaped {
  readonly rewritten: readonly Rewritten[];
  readonly proofs: readonly Proof[];
  readonly asked: AppliedAnswer;
  /** As it then is. */
  readonly project: Project;
  readonly createdOf: CreatedOf;
}

/**
 * Gives revisions other parents, and where asked other dates: all files or none. They are proved where they then stand; what
 * cannot be proved is taken back.
 *
 * @throws AludelError `revision-applied`, `proof-failed`, `file-unwritable`, `revision-unreadable`.
 */
export async function reshape(
  context: Context,
  moves: readonly Move[],
  dated: readonly string[],
  options: ReshapeOptions,
): Promise<Reshaped> {
  const project = await context.project();
  const asked = await askApplied(context, project);
  const touched = new Set([...moves.map(({ id }) => id), ...dated]);
  refuseApplied(asked, touched, options.allowApplied);
  const edits = editsOf(project.revisions, moves, dated);
  const rewritten = project.revisions.flatMap((revision): readonly Rewritten[] => {
    const edit = edits.get(revision.id);
    if (edit === undefined) return [];
    const text = rewriteHeader(revision, readText(revision.file), edit);
    const file =
      edit.createdAt === undefined
        ? revision.file
        : datedFile(project.config.fileName, revision, edit.createdAt);
    const move = moves.find(({ id }) => id === revision.id) ?? null;
    return [{ move, before: revision, after: readRevision(file, text), text }];
  });
  const afterById = new Map(rewritten.map(({ after }) => [after.id, after]));
  const revisions = project.revisions.map((revision) => afterById.get(revision.id) ?? revision);
  const reshaped = { ...project, revisions, graph: buildGraph(revisions) };
  const undo = replaceFiles(
    rewritten.map(({ before, after, text }): FileChange => ({ from: before.file, to: after.file, text })),
  );
  try {
    const position = ({ id }: Revision) => reshaped.graph.nodes.get(id)?.position ?? 0;
    const toProve = rewritten
      .filter(({ move }) => move !== null)
      .map(({ after }) => after)
      .sort((a, b) => position(a) - position(b));
    const proofs = options.verify ? await proveThem(context, reshaped, toProve, options.rows) : [];
    const written = rewritten.map(({ after }) => after);
    if (await settleSum(project.config, { written }))
      context.out.talk("aludel.sum had a conflict: it is written anew for all revisions");
    return {
      rewritten,
      proofs,
      asked,
      project: reshaped,
      createdOf: (id) => revisions.find((revision) => revision.id === id)?.createdAt ?? null,
    };
  } catch (error) {
    undo();
    throw error;
  }
}

async function proveThem(
  context: Context,
  project: Project,
  revisions: readonly Revision[],
  rows: boolean,
): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  context.out.status(`proving ${revisions.map(({ id }) => id).join(", ")} on a scratch database …`);
  for await (const proof of proveAll(project, revisions, () => null, context.openScratch, { rows })) {
    proofs.push(proof);
    context.out.talk(showProof(context.out, proof));
    if (!proof.holds) throw notProved(proof);
  }
  context.out.status(null);
  return proofs;
}

/** The files are as they were by the time that this is read. */
function notProved(proof: Proof): AludelError {
  const failed = proof.steps.find(({ result }) => result === "failed");
  return new AludelError(
    "proof-failed",
    `Revision ${proof.revision} does not work at its new place: "${failed?.part}" failed`,
    {
      where: {
        revision: proof.revision,
        ...(failed?.statement === undefined ? {} : { statement: failed.statement }),
      },
      details: [...(failed?.lines ?? []), "Nothing was changed."],
      data: { proof },
      remedy: `Move it with --no-verify, mend it, then run \`aludel verify ${proof.revision}\`.`,
    },
  );
}

/** What each header becomes. Dates rise in the order that is given, from now on, a second apart. */
function editsOf(
  revisions: readonly Revision[],
  moves: readonly Move[],
  dated: readonly string[],
): ReadonlyMap<string, HeaderEdit> {
  const newest = Math.max(0, ...revisions.map(({ createdAt }) => createdAt?.getTime() ?? 0));
  const start = Math.max(Math.floor(Date.now() / 1000) * 1000, newest + 1000);
  const times = new Map(dated.map((id, at) => [id, new Date(start + at * 1000)]));
  const edits = new Map<string, HeaderEdit>();
  for (const id of new Set([...moves.map((move) => move.id), ...dated])) {
    const revises = moves.find((move) => move.id === id)?.to;
    const createdAt = times.get(id);
    edits.set(id, {
      ...(revises === undefined ? {} : { revises }),
      ...(createdAt === undefined ? {} : { createdAt }),
    });
  }
  return edits;
}

/** The file's name with the new time in the place of the old one; a name that does not begin with it stays. */
export function datedFile(template: string, revision: Revision, createdAt: Date): string {
  const timed = /^(?:[^{]*\{(?:yyyy|mm|dd|HH|MM|SS)\})+/.exec(template)?.[0];
  const before = revision.createdAt;
  if (timed === undefined || before === null) return revision.file;
  const prefix = (at: Date) =>
    fileNameOf(timed, { id: revision.id, message: revision.message, createdAt: at });
  const name = basename(revision.file);
  const old = prefix(before);
  return name.startsWith(old)
    ? join(dirname(revision.file), prefix(createdAt) + name.slice(old.length))
    : revision.file;
}
