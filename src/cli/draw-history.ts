import { dotGraph } from "../revision/graph/dot.js";
import { type DrawnRevision, drawGraph, type RevisionState } from "../revision/graph/draw.js";
import { drawingOrder } from "../revision/graph/drawing-order.js";
import { mermaidGraph } from "../revision/graph/mermaid.js";
import type { GraphNode } from "../revision/graph/node.js";
import { historyRange } from "../revision/graph/range.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import { readStatedHistory, type StatedHistory } from "./history.js";
import type { Picture } from "./options.js";
import {
  graphLine,
  type History,
  repeatableBlock,
  repeatableData,
  repeatableLine,
  revisionBlock,
  revisionData,
} from "./print/revision-lines.js";
import { asksForCurrent, reachesHeads } from "./target.js";

interface Drawn extends DrawnRevision {
  /** The line beside it, or with -v all about it. */
  readonly text: (context: Context) => string;
}

/** Draws the revisions of a range. The chosen database says what is applied; unless it must, it need not be there. */
export async function drawHistory(
  context: Context,
  picture: Picture,
  range: string,
  mustAsk: boolean,
): Promise<void> {
  const asksCurrent = await asksForCurrent(context, range);
  const stated = await readStatedHistory(context, mustAsk || asksCurrent);
  const { history, database } = stated;
  const known = [...(history.rows ?? [])].filter((id) => asksCurrent || history.byId.has(id));
  const order = drawingOrder(historyRange(history.graph, range, known));
  const state = stateOf(stated);
  const after = (await reachesHeads(context, range)) ? history.repeatables.toReversed() : [];
  context.out.data([
    ...after.map((one) => repeatableData(one, history)),
    ...order.map((node) => ({ ...revisionData(node, history), state: state(node.id) })),
  ]);
  const drawn: readonly Drawn[] = [
    ...(database.name === null ? [] : database.unknown.map((id) => strangerOf(id, database.name))),
    ...after.map((one) => drawnRepeatable(one, history)),
    ...order.map((node) => drawnNode(node, history)),
  ];
  if (drawn.length === 0) context.out.talk("there are no revisions");
  context.out.text(pictures[picture](context, stated, drawn, state));
  await tellDatabase(context, stated, picture);
}

function stateOf({ database, history }: StatedHistory): (id: string) => RevisionState {
  if (database.name === null) return () => "unknown";
  const { applied, unknown } = database;
  return (id) => {
    if (unknown.includes(id)) return "unknown";
    return applied.has(id) || history.states?.get(id) === "applied" ? "applied" : "pending";
  };
}

const firstLine = (message: string) => message.split("\n")[0] ?? "";

function drawnNode(node: GraphNode, history: History): Drawn {
  return {
    ...node.revision,
    message: firstLine(history.byId.get(node.id)?.message ?? ""),
    text: ({ verbose, out, cwd }) =>
      verbose ? `${revisionBlock(node, history, out, cwd)}\n` : graphLine(node, history, out),
  };
}

function drawnRepeatable(revision: Revision, history: History): Drawn {
  return {
    ...revision,
    message: `(repeatable) ${firstLine(revision.message)}`,
    text: ({ verbose, out, cwd }) =>
      verbose ? `${repeatableBlock(revision, history, out, cwd)}\n` : repeatableLine(revision, history, out),
  };
}

function strangerOf(id: string, database: string): Drawn {
  const message = `(${database} has it, and no file does)`;
  return { id, revises: [], dependsOn: [], labels: [], message, text: () => `${id} ${message}` };
}

type Draw = (
  context: Context,
  stated: StatedHistory,
  drawn: readonly Drawn[],
  state: (id: string) => RevisionState,
) => string;

const pictures: Readonly<Record<Picture, Draw>> = {
  graph: (context, { database }, drawn, state) => {
    const { out } = context;
    const symbols = {
      applied: out.style("green", "*"),
      pending: out.style("yellow", "o"),
      unknown: database.name === null ? "*" : out.style("red", "?"),
    };
    return drawGraph(drawn, state, {
      symbol: (one) => symbols[one],
      text: (one) => one.text(context),
    }).join("\n");
  },
  mermaid: (_context, _stated, drawn, state) => mermaidGraph(drawn, state),
  dot: (_context, _stated, drawn, state) => dotGraph(drawn, state),
};

/** Which database the marks are of, or why there are none. */
async function tellDatabase(context: Context, { database }: StatedHistory, picture: Picture): Promise<void> {
  const { out } = context;
  if (database.name === null) {
    out.talk(`No database was asked what is applied: ${database.reason}`);
    return;
  }
  if (picture === "graph") out.talk(`* applied, o pending in ${database.name}`);
  if (database.unknown.length === 0) return;
  const { committedOf, sentence } = await import("./explain-unknown.js");
  for (const one of await committedOf(context, database.unknown)) out.warn(sentence(one));
}
