import { AludelError } from "../error/error.js";
import { closure, frontier } from "../revision/graph/closure.js";
import { buildGraph, type Graph } from "../revision/graph/graph.js";
import { checksumOf } from "../revision/read-header.js";
import { readText } from "../revision/read-text.js";
import type { Revision } from "../revision/revision.js";
import { findRevises, noParents, type Spelling } from "../revision/rewrite-header.js";
import { bookkeepingOf, type Project } from "./project.js";
import { type RunLogState, updateChecksum } from "./run-log.js";
import { versionStatements } from "./version-table.js";

/**
 * A database in which revisions ran before they were put elsewhere in the graph (by a rebase). What the rows of its version
 * table stand for is then not what the files say now: a row would count revisions as applied that were put below it later.
 */
export interface AsRun {
  /** The revisions that were moved since they ran. */
  readonly moved: readonly string[];
  /** The graph with these where they were. */
  readonly graph: Graph;
  /** Revisions that now stand below applied ones and never ran here, in the order in which they have to. */
  readonly late: readonly string[];
  /** The rows once these have run, by the graph as it is now. */
  readonly settled: readonly string[];
}

/**
 * Finds out whether applied revisions were moved since they ran: the checksum in the run log is that of the file with
 * other parents, and with nothing else changed. `null` when none was.
 */
export function asRun(project: Project, rows: readonly string[], log: RunLogState): AsRun | null {
  const moved = new Map<string, readonly string[]>();
  for (const revision of project.revisions) {
    const checksum = log.checksums.get(revision.id);
    if (checksum === undefined || checksum === revision.checksum) continue;
    const parents = earlierParents(project, revision, checksum);
    if (parents !== null) moved.set(revision.id, parents);
  }
  if (moved.size === 0) return null;
  const graph = graphWith(project, moved);
  if (graph === null || rows.some((id) => !graph.nodes.has(id))) return null;
  const applied = closure(graph, rows);
  const claimed = closure(project.graph, rows);
  const late = project.graph.order.map(({ id }) => id).filter((id) => claimed.has(id) && !applied.has(id));
  return {
    moved: [...moved.keys()],
    graph,
    late,
    settled: frontier(project.graph, claimed),
  };
}

/**
 * What writes into the version table where the database is by the graph as it is now, and into the run log the checksums that
 * the files of the moved revisions have now.
 */
export function settleStatements(
  { dialect, config, revisions }: Project,
  known: AsRun,
  before: ReadonlySet<string>,
): readonly string[] {
  const bookkeeping = bookkeepingOf(config);
  return [
    ...versionStatements(dialect, bookkeeping, before, new Set(known.settled)),
    ...revisions
      .filter(({ id }) => known.moved.includes(id))
      .map((revision) => updateChecksum(dialect, bookkeeping, revision)),
  ];
}

/**
 * After how many steps of a run that is to be done; `null` where it is not. A downgrade from such a place leads back to where
 * the revisions ran.
 */
export function settlesAfter(known: AsRun | null, command: "upgrade" | "downgrade"): number | null {
  if (known === null || (command === "downgrade" && known.late.length > 0)) return null;
  return known.late.length;
}

/** The revisions that are in the database, moved or not. */
export function appliedIn(project: Project, rows: readonly string[], log: RunLogState): ReadonlySet<string> {
  const known = rows.filter((id) => project.graph.nodes.has(id));
  return closure(asRun(project, known, log)?.graph ?? project.graph, known);
}

/** The parents with which the file had this checksum; `null` when more than they was changed. */
function earlierParents(project: Project, revision: Revision, checksum: string): readonly string[] | null {
  try {
    const place = findRevises(revision, readText(revision.file));
    const ids = project.revisions.map(({ id }) => id).filter((id) => id !== revision.id);
    const fits = (parents: readonly string[], spelling?: Spelling) =>
      checksumOf(place.write(parents, spelling)) === checksum;
    if (noParents.some((base) => fits([], { base }))) return [];
    for (const id of ids) if (fits([id])) return [id];
    for (const kept of revision.revises) {
      for (const id of ids) {
        for (const parents of [
          [kept, id],
          [id, kept],
        ]) {
          if (fits(parents) || fits(parents, { separator: "," })) return parents;
        }
      }
    }
    return null;
  } catch (error) {
    if (error instanceof AludelError) return null;
    throw error;
  }
}

function graphWith(project: Project, moved: ReadonlyMap<string, readonly string[]>): Graph | null {
  try {
    return buildGraph(
      project.revisions.map((revision) => ({
        ...revision,
        revises: moved.get(revision.id) ?? revision.revises,
      })),
    );
  } catch (error) {
    // Then nothing is proved, and the revisions count as edited.
    if (error instanceof AludelError) return null;
    throw error;
  }
}
