import { buildGraph } from "../graph/graph.js";
import { headerMistake } from "../header.js";
import type { Revision } from "../revision.js";
import type { FoundHistory, FoundRevision } from "./found.js";
import { unreadable } from "./unreadable.js";

type GraphRevision = Pick<Revision, "id" | "revises" | "dependsOn" | "labels" | "createdAt">;

/** Where the revisions of another tool go in a project. */
export interface Placed {
  /** Those that the project does not have yet, with their parents. */
  readonly fresh: readonly FoundRevision[];
  /** Those that it has. */
  readonly known: readonly FoundRevision[];
}

/**
 * Gives the revisions of a line their parents: each revises the one before it, and the first that the project does not have
 * yet revises the last that it has, so that one that came late runs late, as it does with the other tool.
 *
 * `own` are the revisions that the project has, `repeatables` the ids of those after its graph; `top` is the uppermost of the imported ones, or what stands for it there.
 * @throws AludelError `import-unreadable` for an id that none can have, and the errors of the graph.
 */
export function place(
  history: FoundHistory,
  own: readonly GraphRevision[],
  repeatables: ReadonlySet<string>,
  top: string | null,
  now: Date,
): Placed {
  const dates = new Map(own.map(({ id, createdAt }) => [id, createdAt]));
  const known = history.revisions.filter(({ id }) => dates.has(id) || repeatables.has(id));
  const added = history.revisions.filter(({ id }) => !dates.has(id) && !repeatables.has(id));
  const placed = history.line ? inLine(dated(added, now), top) : added;
  const inGraph = placed.filter(({ repeatable }) => repeatable !== true);
  const after = placed.filter(({ repeatable }) => repeatable === true);
  return { known, fresh: [...inTime(inGraph, own, dates), ...after] };
}

function inLine(revisions: readonly FoundRevision[], top: string | null): readonly FoundRevision[] {
  let below = top;
  return revisions.map((revision) => {
    const isAfter = revision.repeatable === true;
    const placed = { ...revision, revises: isAfter || below === null ? [] : [below] };
    if (!isAfter) below = revision.id;
    const mistake = headerMistake(placed);
    if (mistake === null) return placed;
    throw unreadable(revision.file, 1, `Its name is no id: ${mistake.message}`, mistake.remedy);
  });
}

/** What says nothing of when it was made was made just before the next that does, or now. */
function dated(revisions: readonly FoundRevision[], now: Date): readonly FoundRevision[] {
  let next = Math.floor(now.getTime() / 1000) * 1000 + 1000;
  return revisions
    .toReversed()
    .map((revision) => {
      next = revision.createdAt?.getTime() ?? next - 1000;
      return { ...revision, createdAt: new Date(next) };
    })
    .reverse();
}

/** No revision is older than what it revises: the order of the tool counts, whatever its dates. */
function inTime(
  revisions: readonly FoundRevision[],
  own: readonly GraphRevision[],
  dates: Map<string, Date | null | undefined>,
): readonly FoundRevision[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  for (const { id } of buildGraph([...own, ...revisions]).order) {
    const revision = byId.get(id);
    if (revision === undefined) continue;
    const { createdAt, revises } = revision;
    const below = revises.map((parent) => dates.get(parent)?.getTime() ?? Number.NEGATIVE_INFINITY);
    dates.set(id, createdAt === null ? null : new Date(Math.max(createdAt.getTime(), ...below)));
  }
  return revisions.map((revision) => ({ ...revision, createdAt: dates.get(revision.id) ?? null }));
}
