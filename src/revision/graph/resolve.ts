import { AludelError } from "../../error/error.js";
import { suggest } from "../../error/suggest.js";
import { ancestors, descendants, lineage } from "./closure.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";
import { isKeyword, type Target } from "./target.js";

/** Names shorter than this are not found by their beginning, so that `1` never means `12`. */
const shortestPrefixed = 4;

/** Ids as they are listed in an error: the first few. */
export function list(nodes: Iterable<GraphNode>, conjunction: "and" | "or" = "and"): string {
  const ids = [...nodes].map((node) => node.id);
  const shown = ids.length > 6 ? [...ids.slice(0, 5), `${ids.length - 5} others`] : ids;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} ${conjunction} ${shown.at(-1)}`;
}

/** True for a word that is an id or a label of the graph, letter for letter. */
export function isNameIn(graph: Graph): (word: string) => boolean {
  return (word) => graph.nodes.has(word) || graph.labels.has(word);
}

/**
 * The revision that an id, a label, or a unique beginning of one names; of `within` only, where it is given.
 * Throws `revision-unknown`, `revision-ambiguous`, and `target-invalid` for a revision that is not within.
 */
export function findRevision(
  graph: Graph,
  name: string,
  within: { readonly branch: string; readonly members: ReadonlySet<GraphNode> } | null = null,
): GraphNode {
  const exact = graph.nodes.get(name) ?? graph.labels.get(name);
  if (exact !== undefined) {
    if (within === null || within.members.has(exact)) return exact;
    throw new AludelError("target-invalid", `Revision ${exact.id} is not on the branch ${within.branch}`, {
      remedy: `Write ${exact.id} without the branch, or choose a revision above or below ${within.branch}.`,
    });
  }
  const found = withPrefix(graph, name).filter(([, node]) => within === null || within.members.has(node));
  const [first, ...others] = found;
  if (first === undefined) throw unknownRevision(graph, name, within?.branch ?? null);
  if (others.length === 0) return first[1];
  const choices = found.map(([word]) => word);
  throw new AludelError("revision-ambiguous", `${name} begins the names of ${found.length} revisions`, {
    remedy: `Write more letters: ${choices.slice(0, 6).join(", ")}${choices.length > 6 ? ", …" : ""}.`,
    data: { choices },
  });
}

function withPrefix(graph: Graph, prefix: string): [string, GraphNode][] {
  const names = [...graph.nodes, ...graph.labels];
  return names.filter(([word]) => word.length >= shortestPrefixed && word.startsWith(prefix));
}

function unknownRevision(graph: Graph, name: string, branch: string | null): AludelError {
  const words = [...graph.nodes.keys(), ...graph.labels.keys(), "head", "heads", "base", "current"];
  const near = suggest(name, words);
  const where = branch === null ? "" : ` on the branch ${branch}`;
  return new AludelError(
    "revision-unknown",
    `No revision or label is called ${name} or begins with it${where}`,
    {
      remedy:
        near === null ? "See all revisions with history, and labels with branches." : `Did you mean ${near}?`,
      data: { name, suggestion: near },
    },
  );
}

/** The branch of `branch@…`: the revision that names it, and all below and above that. */
export interface Branch {
  readonly branch: string;
  readonly node: GraphNode;
  readonly members: ReadonlySet<GraphNode>;
}

/** Resolves what is before the @. Throws `revision-unknown` and `revision-ambiguous`. */
export function findBranch(graph: Graph, branch: string): Branch {
  const node = findRevision(graph, branch);
  return { branch, node, members: lineage([node]) };
}

/** `multiple-heads`, with the heads and how to name one of them. */
export function multipleHeads(graph: Graph, target: string, heads: readonly GraphNode[]): AludelError {
  const choices = heads.slice(0, 6).map((head) => `${labelOf(graph, head) ?? head.id}@head`);
  return new AludelError("multiple-heads", `${target} could be ${list(heads, "or")}`, {
    remedy: `Name one of them by its id or as ${choices.join(" or ")}, take all with heads, or merge them.`,
    data: { heads: heads.map((head) => head.id) },
  });
}

/** The nearest label below this head, if it leads to no other. */
function labelOf(graph: Graph, head: GraphNode): string | null {
  const below = ancestors([head], "revises");
  let nearest: { readonly label: string; readonly node: GraphNode } | null = null;
  for (const [label, node] of graph.labels) {
    if (below.has(node) && (nearest === null || node.position > nearest.node.position))
      nearest = { label, node };
  }
  if (nearest === null) return null;
  const above = descendants([nearest.node], "revises");
  return graph.heads.some((other) => other !== head && above.has(other)) ? null : nearest.label;
}

/**
 * The revisions of a target without steps; none for `base`. `current` gives the rows.
 * Throws `multiple-heads`, `revision-unknown`, `revision-ambiguous` and `target-invalid`.
 */
export function resolvePoint(graph: Graph, target: Target, rows: readonly GraphNode[]): readonly GraphNode[] {
  const branch = target.branch === null ? null : findBranch(graph, target.branch);
  const name = target.name ?? "current";
  if (!isKeyword(name)) return [findRevision(graph, name, branch)];
  const onBranch = (nodes: readonly GraphNode[]) =>
    branch === null ? nodes : nodes.filter((node) => branch.members.has(node));
  switch (name) {
    case "base":
      return [];
    case "current":
      return onBranch(rows);
    case "heads":
      return branch === null ? graph.finalHeads : onBranch(graph.heads);
    case "head": {
      const heads = onBranch(graph.heads);
      if (heads.length > 1) throw multipleHeads(graph, target.text, heads);
      return heads;
    }
  }
}

/** The one revision that a name stands for, or `null` for the base below all revisions. Throws as `resolvePoint`. */
export function resolveOne(graph: Graph, target: Target, rows: readonly GraphNode[]): GraphNode | null {
  const nodes = resolvePoint(graph, target, rows);
  if (nodes.length > 1) throw multipleHeads(graph, target.text, nodes);
  return nodes[0] ?? null;
}
