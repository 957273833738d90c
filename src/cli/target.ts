import { rowNodes } from "../revision/graph/closure.js";
import type { GraphNode } from "../revision/graph/node.js";
import { historyRange } from "../revision/graph/range.js";
import { findBranch, isNameIn, resolveOne, resolvePoint } from "../revision/graph/resolve.js";
import { parseRange, parseTarget } from "../revision/graph/target.js";
import { walk } from "../revision/graph/walk.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import { readHistory } from "./history.js";
import type { History } from "./print/revision-lines.js";

/** Some of the revisions, with all they are part of. */
export interface Selection {
  readonly history: History;
  readonly nodes: readonly GraphNode[];
}

/** The revisions that a target names; a database is asked only when the target counts from where it is. */
export async function readTarget(context: Context, text: string): Promise<Selection> {
  const offline = await readHistory(context, { rows: false });
  const target = parseTarget(text, isNameIn(offline.graph));
  const asks = target.name === null || target.name === "current";
  const history = asks ? await readHistory(context, { rows: true }) : offline;
  const { graph } = history;
  const rows = rowNodes(graph, history.rows ?? []);
  if (target.steps === null) return { history, nodes: resolvePoint(graph, target, rows) };
  const branch = target.branch === null ? null : findBranch(graph, target.branch);
  const place = walk(graph, resolveOne(graph, { ...target, steps: null }, rows), target, branch);
  return { history, nodes: place === null ? [] : [place] };
}

/** The revisions of a range, newest first; a database is asked only for `current`, or when `rows` wants it. */
export async function readRange(
  context: Context,
  text: string,
  options: { readonly rows: boolean },
): Promise<Selection> {
  const rows = options.rows || (await asksForCurrent(context, text));
  const history = await readHistory(context, { rows });
  return { history, nodes: historyRange(history.graph, text, [...(history.rows ?? [])]) };
}

/** The revisions that a target or a range names. */
export async function readRevisions(context: Context, text: string): Promise<Selection> {
  const graph = await context.graph();
  const isRange = text.includes(":") && !graph.labels.has(text) && !graph.nodes.has(text);
  return isRange ? readRange(context, text, { rows: false }) : readTarget(context, text);
}

/** The ids of the revisions, the repeatable ones too, that a target or a range names. */
export async function idsOf(context: Context, text: string): Promise<readonly string[]> {
  const repeatable = await findRepeatable(context, text);
  if (repeatable !== null) return [repeatable.id];
  const { nodes } = await readRevisions(context, text);
  return nodes.map(({ id }) => id);
}

/** True for a range that begins or ends where the database is. */
export async function asksForCurrent(context: Context, range: string): Promise<boolean> {
  const { from, to } = parseRange(range, isNameIn(await context.graph()));
  return from?.name === "current" || to?.name === "current";
}

/** True for a range whose upper end is open, or says heads. */
export async function reachesHeads(context: Context, range: string): Promise<boolean> {
  const { to } = parseRange(range, isNameIn(await context.graph()));
  const isTop = to === null || to.name === "heads" || to.name === "head";
  return isTop && to?.branch == null && to?.steps == null;
}

/** The repeatable revision that has this id, or alone begins so; `null` where a revision of the graph may be meant. */
export async function findRepeatable(context: Context, text: string): Promise<Revision | null> {
  const repeatables = await context.repeatables();
  const exact = repeatables.find(({ id }) => id === text);
  if (exact !== undefined || text.length < 4) return exact ?? null;
  const [only, second] = repeatables.filter(({ id }) => id.startsWith(text));
  const { nodes, labels } = await context.graph();
  const others = [...nodes.keys(), ...labels.keys()].some((name) => name.startsWith(text));
  return second !== undefined || others ? null : (only ?? null);
}
