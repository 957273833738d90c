import { shortPath } from "../../error/format.js";
import type { Graph } from "../../revision/graph/graph.js";
import { isBranchPoint, isMergePoint } from "../../revision/graph/graph.js";
import type { GraphNode } from "../../revision/graph/node.js";
import type { PhaseHeader } from "../../revision/phase.js";
import type { Revision } from "../../revision/revision.js";
import type { RepeatableState } from "../../run/repeatables.js";
import type { Output } from "../output.js";

/** Revisions and their graph, and where a database is if that is known. */
export interface History {
  readonly graph: Graph;
  readonly byId: ReadonlyMap<string, Revision>;
  /** The rows of the version table; `null` when no database was asked. */
  readonly rows: ReadonlySet<string> | null;
  /** What stands after the graph, in the order in which it runs. */
  readonly repeatables: readonly Revision[];
  /** Where these are in the database; `null` when none was asked. */
  readonly states: ReadonlyMap<string, RepeatableState> | null;
}

/** `4f2a91c04b7d (repeatable, changed), views of persons` */
export function repeatableLine({ id, message, dependsOn }: Revision, history: History, out: Output): string {
  const state = history.states?.get(id);
  const marks = ["repeatable", ...(state === undefined ? [] : [state])].join(", ");
  const also = dependsOn.length === 0 ? "" : out.style("dim", ` (depends on ${dependsOn.join(", ")})`);
  return `${out.style("yellow", id)} ${out.style(state === "applied" ? "green" : "dim", `(${marks})`)}${also}, ${message.split("\n")[0] || "(no message)"}`;
}

/** All about it, in a block. */
export function repeatableBlock(
  revision: Revision,
  history: History,
  out: Output,
  directory: string,
): string {
  const { id, dependsOn, createdAt, file, message } = revision;
  const state = history.states?.get(id);
  const lines: (readonly [string, string])[] = [
    ["Revision", out.style("yellow", id)],
    ["Repeatable", state ?? "yes"],
    ...optional("Depends on", dependsOn.join(", ")),
    ...phaseLines(revision),
    ...optional("Created", createdAt?.toISOString() ?? ""),
    ["File", shortPath(file, directory)],
  ];
  const text = message.split("\n").map((line) => `    ${line}`.trimEnd());
  return [...lines.map(([name, value]) => `${name}: ${value}`), "", ...text].join("\n");
}

/** The same for a machine. */
export function repeatableData(revision: Revision, history: History): Readonly<Record<string, unknown>> {
  const { id, dependsOn, message, createdAt, file } = revision;
  const state = history.states?.get(id);
  return {
    id,
    repeatable: true,
    dependsOn,
    message,
    createdAt,
    file,
    ...phaseData(revision),
    ...(state !== undefined && { state }),
  };
}

/** `9c1d0b7e55aa -> 4f2a91c04b7d (head), add email`: a revision in one line, its parents first. */
export function historyLine(node: GraphNode, history: History, out: Output): string {
  const parents = node.parents.length === 0 ? "<base>" : idsOf(node.parents);
  const arrow = out.style("dim", `${parents} ->`);
  return `${arrow} ${nameLine(node, history, out)}, ${titleOf(node, history)}`;
}

/** `4f2a91c04b7d (head), add email`: the same beside a drawing, which shows the parents but no dependencies. */
export function graphLine(node: GraphNode, history: History, out: Output): string {
  const { dependsOn } = node.revision;
  const also = dependsOn.length === 0 ? "" : out.style("dim", ` (depends on ${dependsOn.join(", ")})`);
  return `${nameLine(node, history, out)}${also}, ${titleOf(node, history)}`;
}

/** `4f2a91c04b7d (billing) (head)`: the id with its labels and marks. */
export function nameLine(node: GraphNode, history: History, out: Output): string {
  const phase = phaseMark(history.byId.get(node.id));
  const labels =
    node.revision.labels.length === 0 ? "" : ` ${out.style("cyan", `(${node.revision.labels.join(", ")})`)}`;
  const marks = marksOf(node, history).map((mark) => ` ${out.style(markStyle(mark), `(${mark})`)}`);
  return out.style("yellow", node.id) + labels + marks.join("") + (phase === "" ? "" : ` (${phase})`);
}

/** `contract, waits for app@1.42`: what it says of its phase itself; nothing where it says nothing. */
export function phaseMark(revision: PhaseHeader | undefined): string {
  const { phase, waitsFor } = revision ?? {};
  const known = phase ?? (waitsFor === undefined ? undefined : "contract");
  return [...(known === undefined ? [] : [known]), ...(waitsFor === undefined ? [] : [waits(waitsFor)])].join(
    ", ",
  );
}

const waits = (releases: readonly string[]) => `waits for ${releases.join(", ")}`;

function phaseLines(revision: PhaseHeader | undefined): readonly (readonly [string, string])[] {
  const { phase = "", waitsFor = [] } = revision ?? {};
  return [...optional("Phase", phase), ...optional("Waits for", waitsFor.join(", "))];
}

function phaseData(revision: PhaseHeader | undefined): PhaseHeader {
  const { phase, waitsFor } = revision ?? {};
  return { ...(phase !== undefined && { phase }), ...(waitsFor !== undefined && { waitsFor }) };
}

/** All about a revision, in a block. */
export function revisionBlock(node: GraphNode, history: History, out: Output, directory: string): string {
  const revision = history.byId.get(node.id);
  const lines: (readonly [string, string])[] = [
    ["Revision", nameLine(node, history, out)],
    ["Revises", node.parents.length === 0 ? "<base>" : idsOf(node.parents)],
    ...optional("Depends on", node.revision.dependsOn.join(", ")),
    ...optional("Branches into", isBranchPoint(node) ? idsOf(node.children) : ""),
    ...phaseLines(revision),
    ...optional("Created", revision?.createdAt?.toISOString() ?? ""),
    ...optional("File", revision === undefined ? "" : shortPath(revision.file, directory)),
  ];
  const message = (revision?.message ?? "").split("\n").map((line) => `    ${line}`.trimEnd());
  return [...lines.map(([name, value]) => `${name}: ${value}`), "", ...message].join("\n");
}

/** A revision for a machine. */
export function revisionData(node: GraphNode, history: History): Readonly<Record<string, unknown>> {
  const revision = history.byId.get(node.id);
  return {
    id: node.id,
    revises: node.parents.map(({ id }) => id),
    dependsOn: node.revision.dependsOn,
    labels: node.revision.labels,
    message: revision?.message ?? null,
    createdAt: revision?.createdAt ?? null,
    file: revision?.file ?? null,
    children: node.children.map(({ id }) => id),
    head: isHead(node),
    branchPoint: isBranchPoint(node),
    mergePoint: isMergePoint(node),
    ...phaseData(revision),
    ...(history.rows !== null && { current: history.rows.has(node.id) }),
  };
}

function marksOf(node: GraphNode, history: History): readonly string[] {
  return [
    ...(isHead(node) ? ["head"] : []),
    ...(isBranchPoint(node) ? ["branchpoint"] : []),
    ...(isMergePoint(node) ? ["mergepoint"] : []),
    ...(history.rows?.has(node.id) ? ["current"] : []),
  ];
}

function markStyle(mark: string) {
  return mark === "current" ? "green" : mark === "head" ? "bold" : "dim";
}

function isHead(node: GraphNode): boolean {
  return node.children.length === 0;
}

function titleOf(node: GraphNode, history: History): string {
  return history.byId.get(node.id)?.message.split("\n")[0] || "(no message)";
}

function idsOf(nodes: readonly GraphNode[]): string {
  return nodes.map(({ id }) => id).join(", ");
}

function optional(name: string, value: string): readonly (readonly [string, string])[] {
  return value === "" ? [] : [[name, value]];
}
