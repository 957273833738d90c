import {
  headOfOthers,
  type Local,
  localRevisions,
  namedRevisions,
  ontoOf,
} from "../../check/local-revisions.js";
import { AludelError } from "../../error/error.js";
import { ancestors } from "../../revision/graph/closure.js";
import type { Graph } from "../../revision/graph/graph.js";
import { crooksOf } from "../../revision/graph/linear.js";
import type { GraphNode } from "../../revision/graph/node.js";
import { type Move, rebaseMoves } from "../../revision/graph/rebase.js";
import { tellAsked } from "../ask-applied.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { sentenceOf } from "../print/crook.js";
import { rewrittenData, showRewritten } from "../print/rewritten.js";
import { type Reshaped, reshape } from "../reshape.js";

/** `aludel rebase [revision…]`: puts the local revisions after those of the others. */
export async function run(context: Context, options: CommandOptions["rebase"]): Promise<ExitCode> {
  const project = await context.project();
  const named = options.onto.length === 0 ? null : await ontoOf(project, options.onto);
  const local =
    options.revisions.length > 0
      ? namedRevisions(project, options.revisions, named)
      : await localRevisions(project, options.base);
  const onto = named ?? headOfOthers(project, local.nodes);
  const moves = onto.length === 0 ? [] : rebaseMoves(project.graph, local.nodes, onto);
  if (moves.length === 0) return nothingToDo(context, project.graph, local, onto);
  const dated = options.dates ? datedIds(project.graph, local, moves) : [];
  const done = await reshape(context, moves, dated, options);
  tell(context, local, done);
  return 0;
}

/** With new dates for a revision, all that stand above it and are local get new ones, too. */
function datedIds(graph: Graph, local: Local, moves: readonly Move[]): readonly string[] {
  const moved = new Set(moves.map(({ id }) => id));
  const above = [...local.nodes].filter((node) => [...ancestors([node])].some(({ id }) => moved.has(id)));
  const ids = new Set(above.map(({ id }) => id));
  return graph.order.map(({ id }) => id).filter((id) => ids.has(id));
}

function nothingToDo(context: Context, graph: Graph, local: Local, onto: readonly GraphNode[]): ExitCode {
  const heads = graph.heads.map(({ id }) => id);
  const localHeads = heads.filter((id) => [...local.nodes].some((node) => node.id === id));
  if (localHeads.length > 1) {
    throw new AludelError(
      "multiple-heads",
      `${localHeads.join(" and ")} are all ${local.base === null ? "named" : `new since ${local.base}`}: it is not known which to put after which`,
      {
        data: { heads: localHeads },
        remedy: `Name the one to move: \`aludel rebase ${localHeads.at(-1)}\`.`,
      },
    );
  }
  const after = onto.map(({ id }) => id).join(", ");
  context.out.data({
    base: local.base,
    onto: onto.map(({ id }) => id),
    moved: [],
    proofs: [],
    database: null,
    reason: null,
  });
  context.out.text(
    local.nodes.size === 0
      ? `Nothing to move: all revisions are in ${local.base ?? after} already.`
      : `Nothing to move: ${[...local.nodes].map(({ id }) => id).join(", ")} ${local.nodes.size === 1 ? "comes" : "come"} after ${after || "nothing"} already.`,
  );
  return 0;
}

function tell(context: Context, local: Local, done: Reshaped): void {
  const { out, cwd } = context;
  out.data({ base: local.base, ...rewrittenData(done) });
  out.text(showRewritten(done, cwd));
  tellAsked(context, done.asked);
  const older = crooksOf(done.project.graph, done.createdOf).filter(({ kind }) => kind === "date");
  const moved = new Set(done.rewritten.map(({ after }) => after.id));
  for (const crook of older.filter(({ at }) => at !== null && moved.has(at)))
    out.talk(`${sentenceOf(crook)}. \`aludel linear --fix --dates\` gives it a new date.`);
}
