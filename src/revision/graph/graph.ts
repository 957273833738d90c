import { findCycles } from "./cycles.js";
import type { DraftNode, GraphNode, GraphRevision } from "./node.js";
import { sortRevisions } from "./order.js";
import type { Problem } from "./problem.js";
import { throwProblems, unique, validateRevisions } from "./validate.js";

/** All revisions, checked and linked. Never changes once built. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Every revision after all that it requires; otherwise in the order they were given in. */
  readonly order: readonly GraphNode[];
  /** Revisions that no other revises. */
  readonly heads: readonly GraphNode[];
  /** Heads that no other depends on either: what `heads` means as a target. */
  readonly finalHeads: readonly GraphNode[];
  /** Revisions that revise nothing. */
  readonly bases: readonly GraphNode[];
  /** Label → the revision that carries it. */
  readonly labels: ReadonlyMap<string, GraphNode>;
}

/** True when two or more revisions revise this one. */
export function isBranchPoint(node: GraphNode): boolean {
  return node.children.length > 1;
}

/** True when this revision revises two or more. */
export function isMergePoint(node: GraphNode): boolean {
  return node.parents.length > 1;
}

/** Every list at first. It is never added to, see `added`. */
const nothing: DraftNode[] = [];

/**
 * Links revisions into a graph, in linear time.
 *
 * In: revisions in the order to keep where the graph leaves a choice (usually that of their files). `dependsOn` may
 * name labels as well as ids.
 * Throws `revision-invalid` (an id or label with characters that targets are written with), `revision-duplicate`,
 * `label-duplicate`, `revision-parent-missing` and `revision-cycle`. All problems are found at once: the first is
 * the error, the others are its details, and `data.problems` has every one.
 */
export function buildGraph(revisions: readonly GraphRevision[]): Graph {
  const { drafts, labels, problems } = linkRevisions(revisions);
  const sorted = sortRevisions([...drafts.values()]);
  throwProblems(sorted.cycle === null ? problems : [...problems, sorted.cycle]);
  for (const [position, draft] of sorted.order.entries()) draft.position = position;
  const order: readonly GraphNode[] = sorted.order;
  return {
    nodes: drafts,
    order,
    heads: order.filter((node) => node.children.length === 0),
    finalHeads: order.filter((node) => node.requiredBy.length === 0),
    bases: order.filter((node) => node.parents.length === 0),
    labels,
  };
}

/** Everything that is wrong with a graph, every circle included; none when `buildGraph` would build it. Linear. */
export function graphProblems(revisions: readonly GraphRevision[]): readonly Problem[] {
  const { drafts, problems } = linkRevisions(revisions);
  const nodes = [...drafts.values()];
  // Nearly always there is none, and that is found out sooner than which ones there are.
  return sortRevisions(nodes).cycle === null ? problems : [...problems, ...findCycles(nodes)];
}

interface Linked {
  readonly drafts: ReadonlyMap<string, DraftNode>;
  readonly labels: ReadonlyMap<string, DraftNode>;
  readonly problems: readonly Problem[];
}

function linkRevisions(revisions: readonly GraphRevision[]): Linked {
  const drafts = draftNodes(revisions);
  const labels = new Map<string, DraftNode>();
  for (const draft of drafts.values()) {
    for (const label of draft.revision.labels) if (!labels.has(label)) labels.set(label, draft);
  }
  const problems = validateRevisions(revisions, drafts, labels);
  for (const draft of drafts.values()) link(draft, drafts, labels);
  return { drafts, labels, problems };
}

function draftNodes(revisions: readonly GraphRevision[]): Map<string, DraftNode> {
  const drafts = new Map<string, DraftNode>();
  for (const revision of revisions) {
    if (drafts.has(revision.id)) continue;
    drafts.set(revision.id, {
      id: revision.id,
      revision,
      index: drafts.size,
      position: -1,
      parents: nothing,
      children: nothing,
      dependencies: nothing,
      requires: nothing,
      requiredBy: nothing,
    });
  }
  return drafts;
}

/** The list with one more in it. One of a single node has no room to spare: nearly all are, and there are thousands. */
function added(list: DraftNode[], node: DraftNode): DraftNode[] {
  if (list.length === 0) return [node];
  list.push(node);
  return list;
}

/** Writes a revision's edges into both of their ends. Names that nothing bears have been reported by now. */
function link(
  draft: DraftNode,
  drafts: ReadonlyMap<string, DraftNode>,
  labels: ReadonlyMap<string, DraftNode>,
): void {
  for (const id of unique(draft.revision.revises)) {
    const parent = drafts.get(id);
    if (parent === undefined) continue;
    draft.parents = added(draft.parents, parent);
    parent.children = added(parent.children, draft);
    parent.requiredBy = added(parent.requiredBy, draft);
  }
  draft.requires = draft.parents;
  if (draft.revision.dependsOn.length === 0) return;
  const named = draft.revision.dependsOn.map((name) => drafts.get(name) ?? labels.get(name));
  // An id and a label may name one revision.
  draft.dependencies = [...new Set(named.filter((node) => node !== undefined))];
  const parents = new Set(draft.parents);
  const further = draft.dependencies.filter((node) => !parents.has(node));
  draft.requires = [...parents, ...further];
  for (const dependency of further) dependency.requiredBy = added(dependency.requiredBy, draft);
}
