import { dotGraph } from "../revision/graph/dot.js";
import { type DrawnRevision, drawGraph, type RevisionState } from "../revision/graph/draw.js";
import { drawingOrder } from "../revision/graph/drawing-order.js";
import { mermaidGraph } from "../revision/graph/mermaid.js";
import type { GraphNode } from "../revision/graph/node.js";
import { historyRange } from "../revision/graph/range.js";
import type { Context } from "./context.js";
import { readStatedHistory, type StatedHistory } from "./history.js";
import type { Picture } from "./options.js";
import { graphLine, revisionBlock, revisionData } from "./print/revision-lines.js";
import { asksForCurrent } from "./target.js";

interface Drawn extends DrawnRevision {
  /** `null` for what the database has and no file does. */
  readonly node: GraphNode | null;
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
  context.out.data(order.map((node) => ({ ...revisionData(node, history), state: state(node.id) })));
  const drawn: readonly Drawn[] = [
    ...(database.name === null ? [] : database.unknown.map((id) => strangerOf(id, database.name))),
    ...order.map((node) => {
      const message = history.byId.get(node.id)?.message.split("\n")[0] ?? "";
      return { ...node.revision, message, node };
    }),
  ];
  if (drawn.length === 0) context.out.talk("there are no revisions");
  context.out.text(pictures[picture](context, stated, drawn, state));
  await tellDatabase(context, stated, picture);
}

function stateOf({ database }: StatedHistory): (id: string) => RevisionState {
  if (database.name === null) return () => "unknown";
  return (id) =>
    database.unknown.includes(id) ? "unknown" : database.applied.has(id) ? "applied" : "pending";
}

function strangerOf(id: string, database: string): Drawn {
  return {
    id,
    revises: [],
    dependsOn: [],
    labels: [],
    message: `(${database} has it, and no file does)`,
    node: null,
  };
}

type Draw = (
  context: Context,
  stated: StatedHistory,
  drawn: readonly Drawn[],
  state: (id: string) => RevisionState,
) => string;

const pictures: Readonly<Record<Picture, Draw>> = {
  graph: ({ out, verbose, cwd }, { history, database }, drawn, state) => {
    const symbols = {
      applied: out.style("green", "*"),
      pending: out.style("yellow", "o"),
      unknown: database.name === null ? "*" : out.style("red", "?"),
    };
    const text = ({ id, message, node }: Drawn): string => {
      if (node === null) return `${id} ${message}`;
      return verbose ? `${revisionBlock(node, history, out, cwd)}\n` : graphLine(node, history, out);
    };
    return drawGraph(drawn, state, { symbol: (one) => symbols[one], text }).join("\n");
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
