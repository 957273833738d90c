import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Change } from "../check/find-change.js";
import { runPostWrite } from "../check/post-write.js";
import type { Wanted } from "../check/proof.js";
import { type ProveOptions, prove } from "../check/prove.js";
import { recordSum } from "../check/record-sum.js";
import { describeOp } from "../op/apply.js";
import { buildGraph } from "../revision/graph/graph.js";
import { readRevision } from "../revision/read-header.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { Context } from "./context.js";
import { proofFailure, showProof } from "./print/proof.js";

/** Lets the user's own formatter have a new revision, reads it again as it then is, and notes it in `aludel.sum`. */
export async function finishWritten(project: Project, revision: Revision): Promise<Revision> {
  const { postWrite, root } = project.config;
  if (postWrite.length > 0) runPostWrite(postWrite, revision.file, root);
  const written = postWrite.length > 0 ? reread(revision) : revision;
  await recordSum(project.config, { written: [written] });
  return written;
}

function reread({ file }: Revision): Revision {
  return readRevision(file, readFileSync(file, "utf8"));
}

/** The project with a revision more. */
export function withRevision(project: Project, revision: Revision): Project {
  const revisions = [...project.revisions, revision];
  return { ...project, revisions, graph: buildGraph(revisions) };
}

/**
 * Proves a revision that was just written.
 * @throws AludelError `proof-failed`; the file then says so at its top.
 */
export async function proveWritten(
  context: Context,
  project: Project,
  revision: Revision,
  wanted: Wanted | null,
  options: ProveOptions,
): Promise<void> {
  const grown = withRevision(project, revision);
  context.out.status(`proving ${revision.id} on a scratch database …`);
  const isWhole = grown.graph.finalHeads.length === 1;
  const proof = await prove(grown, revision, isWhole ? wanted : null, context.openScratch, options);
  context.out.status(null);
  if (!proof.holds) {
    const { markUnproved } = await import("../check/mark-unproved.js");
    markUnproved(revision.file, proof);
    await recordSum(project.config, { written: [reread(revision)] });
    throw proofFailure(proof, revision.file);
  }
  context.out.talk(showProof(context.out, proof));
}

/** The file to stdout; what it does and what to look out for to stderr. */
export function tellWritten(context: Context, revision: Revision, change: Change): void {
  context.out.text(relative(context.cwd, revision.file));
  for (const op of change.upgrade) context.out.talk(`  ${describeOp(op)}`);
  for (const warning of change.warnings)
    context.out.warn(`  ${context.out.style("yellow", "warning:")} ${warning}`);
}
