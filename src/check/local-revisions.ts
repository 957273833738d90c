import { AludelError } from "../error/error.js";
import { commonRevisions, requireCommit, revisionsAt, upstreamOf } from "../revision/git-revisions.js";
import type { GraphNode } from "../revision/graph/node.js";
import { lineOf } from "../revision/graph/rebase.js";
import type { Project } from "../run/project.js";
import { resolveTarget } from "./parents.js";

/** The revisions to be moved, and how that was found out. */
export interface Local {
  readonly nodes: ReadonlySet<GraphNode>;
  /** The branch that the others came from; `null` when they were named. */
  readonly base: string | null;
}

/**
 * The revisions of the current git branch: those that a base branch does not have in common with it. Without a base it is
 * what the branch will be merged into.
 * @throws AludelError `git-failed`, `rebase-refused` where no base is known.
 */
export async function localRevisions(project: Project, base: string | null): Promise<Local> {
  const { root, revisionFolders } = project.config;
  const reference = base ?? (await upstreamOf(root));
  if (reference === null) {
    throw new AludelError(
      "rebase-refused",
      "It is not known which revisions are yours: there is no branch to hold them against",
      {
        remedy: "Say it with --base BRANCH, or name the revisions.",
      },
    );
  }
  const { revisions } = await commonRevisions(root, revisionFolders, reference);
  const theirs = new Set(revisions.map(({ id }) => id));
  return { nodes: new Set(project.graph.order.filter(({ id }) => !theirs.has(id))), base: reference };
}

/** The revisions that are named, each with the whole line that it is part of. @throws AludelError of the target. */
export function namedRevisions(
  { graph }: Project,
  targets: readonly string[],
  onto: readonly GraphNode[] | null,
): Local {
  const named = targets.flatMap((target) => resolveTarget(graph, target));
  const others = onto ?? graph.heads.filter((head) => !lineOf(named, []).has(head));
  return { nodes: lineOf(named, others), base: null };
}

/**
 * What the local revisions shall come after: what is named, as a target or as a branch of git, or the only head of all
 * others.
 * @throws AludelError `multiple-heads`, `rebase-refused`, and of a target that nothing is called by.
 */
export async function ontoOf(project: Project, names: readonly string[]): Promise<readonly GraphNode[]> {
  const found: GraphNode[] = [];
  for (const name of names) found.push(...(await resolveOnto(project, name)));
  return [...new Set(found)];
}

async function resolveOnto(project: Project, name: string): Promise<readonly GraphNode[]> {
  try {
    return resolveTarget(project.graph, name);
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const { root, revisionFolders } = project.config;
    const commit = await requireCommit(root, name).catch(() => null);
    // What it is called in the graph is the likelier meaning.
    if (commit === null) throw error;
    const nodes = (await revisionsAt(root, revisionFolders, [commit])).flatMap(
      ({ id }) => project.graph.nodes.get(id) ?? [],
    );
    const all = new Set(nodes);
    return nodes.filter((node) => !node.children.some((child) => all.has(child)));
  }
}

/** The only head of the revisions that stay. @throws AludelError `multiple-heads`, `rebase-refused`. */
export function headOfOthers({ graph }: Project, local: ReadonlySet<GraphNode>): readonly GraphNode[] {
  const heads = graph.order.filter(
    (node) => !local.has(node) && node.children.every((child) => local.has(child)),
  );
  if (heads.length < 2) return heads;
  throw new AludelError(
    "multiple-heads",
    `The other revisions have several heads: ${heads.map(({ id }) => id).join(", ")}`,
    {
      data: { heads: heads.map(({ id }) => id) },
      remedy: "Say with --onto which of them to come after, or name the revisions to move.",
    },
  );
}
