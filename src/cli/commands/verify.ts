import { resolveTarget } from "../../check/parents.js";
import { type Proof, prove } from "../../check/prove.js";
import { readModels } from "../../check/read-models.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { showProof } from "../print/proof.js";

/** `aludel verify [target]`: does the revision do what it should, and does its way back? */
export async function run(context: Context, options: CommandOptions["verify"]): Promise<ExitCode> {
  const project = await context.project();
  const nodes = resolveTarget(project.graph, options.target ?? "heads");
  const only = nodes.length === 1 && nodes[0]?.children.length === 0 && project.graph.finalHeads.length === 1;
  const wanted = only ? await readModels(project.config, project.dialect.name, context.openScratch) : null;
  const proofs: Proof[] = [];
  for (const { id } of nodes) {
    const revision = project.revisions.find((one) => one.id === id);
    if (revision === undefined) continue;
    const proof = await prove(project, revision, wanted, context.openScratch);
    context.out.text(showProof(context.out, proof));
    proofs.push(proof);
  }
  context.out.data({ proofs });
  if (proofs.length === 0) context.out.talk("There is no revision to prove.");
  return proofs.every(({ holds }) => holds) ? 0 : 1;
}
