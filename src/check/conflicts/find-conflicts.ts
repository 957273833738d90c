import { buildGraph, type Graph, graphProblems } from "../../revision/graph/graph.js";
import type { GraphNode } from "../../revision/graph/node.js";
import type { Revision } from "../../revision/revision.js";

/** A revision that another names and no file has. */
export interface MissingRevision {
  readonly id: string;
  readonly by: Revision;
  readonly message: string;
}

/** The graph of revisions, without the edges that lead to nothing. */
export interface LooseGraph {
  readonly graph: Graph;
  readonly missing: readonly MissingRevision[];
}

/**
 * Builds the graph although revisions are missing that others name.
 * @throws AludelError as `buildGraph`, for all else that is wrong with a graph.
 */
export function looseGraph(revisions: readonly Revision[]): LooseGraph {
  const problems = graphProblems(revisions);
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const missing = problems.flatMap(({ code, where, name, message }): readonly MissingRevision[] => {
    const by = byId.get(where.revision ?? "");
    return code === "revision-parent-missing" && by !== undefined && name !== undefined
      ? [{ id: name, by, message }]
      : [];
  });
  if (missing.length === 0) return { graph: buildGraph(revisions), missing };
  const gone = new Set(missing.map(({ id, by }) => `${by.id}\0${id}`));
  const without = (id: string, names: readonly string[]) =>
    names.filter((name) => !gone.has(`${id}\0${name}`));
  const graph = buildGraph(
    revisions.map((revision) => ({
      ...revision,
      revises: without(revision.id, revision.revises),
      dependsOn: without(revision.id, revision.dependsOn),
    })),
  );
  return { graph, missing };
}

/** The command that gives one head, or nothing. */
export function fixOf(
  heads: readonly Pick<GraphNode, "id">[],
  history: "graph" | "linear",
  base: { readonly reference: string; readonly heads: readonly unknown[] } | null,
): string | null {
  const rebase = base === null ? "aludel rebase" : `aludel rebase --base ${base.reference}`;
  if (heads.length > 1) return history === "linear" ? rebase : "aludel merge heads";
  return base !== null && base.heads.length > 1 ? `git merge ${base.reference} && ${rebase}` : null;
}
