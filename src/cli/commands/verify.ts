import { besideRepeatables } from "../../check/beside-repeatables.js";
import { resolveTarget } from "../../check/parents.js";
import type { Proof } from "../../check/proof.js";
import { proveAll } from "../../check/prove.js";
import { readModels } from "../../check/read-models.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { Graph } from "../../revision/graph/graph.js";
import type { GraphNode } from "../../revision/graph/node.js";
import { historyRange } from "../../revision/graph/range.js";
import type { Revision } from "../../revision/revision.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { bar } from "../print/progress.js";
import { showProof } from "../print/proof.js";
import { findRepeatable, reachesHeads } from "../target.js";

/** `aludel verify [target or range]`: does a revision do what it should, does its way back, and are rows kept? */
export async function run(context: Context, options: CommandOptions["verify"]): Promise<ExitCode> {
  const project = await besideRepeatables(await context.project());
  const { graph } = project;
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const target = options.target ?? "heads";
  const repeatable = await findRepeatable(context, target);
  const inGraph = repeatable === null ? nodesOf(graph, target).flatMap(({ id }) => byId.get(id) ?? []) : [];
  const after = repeatable === null ? await standingAfter(context, graph, target) : [repeatable];
  const revisions = [...inGraph, ...after];
  const [head, second] = graph.finalHeads;
  // Only where one head has everything are the models what is there after it.
  const hasModels = project.config.schema.length > 0;
  const isAsked = second === undefined && revisions.some(({ id }) => id === head?.id);
  const whole = hasModels && isAsked ? head : undefined;
  const wanted =
    whole === undefined ? null : await readModels(project.config, project.dialect.name, context.openScratch);
  const openScratch =
    wanted === null ? context.openScratch : withStandIns(project, wanted.standIns, context.openScratch);
  const wantedOf = ({ id }: Revision) => (id === whole?.id ? wanted : null);
  const proofs: Proof[] = [];
  const status = () => {
    if (revisions.length > 1) context.out.status(bar(proofs.length, revisions.length, "proved"));
  };
  status();
  const { rows } = options;
  for await (const proof of proveAll(project, revisions, wantedOf, openScratch, { rows })) {
    proofs.push(proof);
    context.out.text(showProof(context.out, proof));
    status();
  }
  context.out.status(null);
  context.out.data({ proofs });
  if (proofs.length === 0) context.out.talk("There is no revision to prove.");
  return proofs.every(({ holds }) => holds) ? 0 : 1;
}

/** Repeatable revisions stand above the heads: they are asked for where these are. */
async function standingAfter(context: Context, graph: Graph, text: string): Promise<readonly Revision[]> {
  const isAsked = isRange(graph, text)
    ? await reachesHeads(context, text)
    : text === "heads" || text === "head";
  return isAsked ? context.repeatables() : [];
}

const isRange = (graph: Graph, text: string): boolean =>
  text.includes(":") && !graph.labels.has(text) && !graph.nodes.has(text);

/** What a target or a range names, parents first. */
function nodesOf(graph: Graph, text: string): readonly GraphNode[] {
  const nodes = isRange(graph, text) ? historyRange(graph, text, []) : resolveTarget(graph, text);
  return [...nodes].sort((a, b) => a.position - b.position);
}
