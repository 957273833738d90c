import { statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.js";
import { AludelError } from "../error/error.js";
import { buildGraph } from "../revision/graph/graph.js";
import { readRevisions } from "../revision/read-folder.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "./project.js";
import type { RunLogState } from "./run-log.js";

/** The folder beside the revisions in which squashed ones are kept, each in a folder with the id of the one they became. */
export const keptFolder = "_squashed";

/** Where the revisions are kept that became this one. */
export function keptFolderOf(revisions: string, id: string): string {
  return join(revisions, keptFolder, id);
}

/** The revision stands for others that were squashed. */
export function isSquashed({ revisionFolders }: Config, id: string): boolean {
  return revisionFolders.some((folder) => isThere(keptFolderOf(folder, id)));
}

const isThere = (folder: string) => statSync(folder, { throwIfNoEntry: false }) !== undefined;

async function keptOf({ config }: Project, id: string): Promise<readonly Revision[]> {
  const folders = config.revisionFolders.map((folder) => keptFolderOf(folder, id));
  const there = folders.filter(isThere);
  return there.length === 0 ? [] : readRevisions(there);
}

/**
 * The project as a database knows it that is in the middle of revisions which have been squashed since: with these in the place
 * of the one that they became. The project itself where the database is in the middle of none.
 */
export async function withKept(project: Project, rows: readonly string[]): Promise<Project> {
  let { revisions } = project;
  const isUnknown = () => rows.filter((id) => !revisions.some((revision) => revision.id === id));
  if (isUnknown().length === 0) return project;
  const opened = new Set<string>();
  for (let at = 0; at < revisions.length && isUnknown().length > 0; at++) {
    const squashed = revisions[at];
    if (squashed === undefined || opened.has(squashed.id)) continue;
    const kept = await keptOf(project, squashed.id);
    opened.add(squashed.id);
    if (!(await leadsTo(project, squashed.id, kept, isUnknown()))) continue;
    revisions = [...revisions.slice(0, at), ...kept, ...revisions.slice(at + 1)];
    // What was squashed may have been one that was squashed before.
    at = -1;
  }
  return revisions === project.revisions ? project : { ...project, revisions, graph: buildGraph(revisions) };
}

/** All revisions of a project: those that were squashed, and those that became of none. */
export interface Unfolded {
  readonly revisions: readonly Revision[];
  /** By id, what stands for it in the project: the revision itself, or the one that it became a part of. */
  readonly standsFor: ReadonlyMap<string, string>;
}

/** Every revision that a database of the project may have. */
export async function unfold(project: Project): Promise<Unfolded> {
  const standsFor = new Map<string, string>();
  const open = async (revision: Revision, into: string): Promise<readonly Revision[]> => {
    standsFor.set(revision.id, into);
    const kept = await keptOf(project, revision.id);
    const inside: Revision[] = [];
    for (const one of kept) {
      // The last of them has the id that they share.
      if (one.id !== revision.id) inside.push(...(await open(one, into)));
      else inside.push(one);
    }
    return kept.length === 0 ? [revision] : inside;
  };
  const revisions: Revision[] = [];
  for (const revision of project.revisions) revisions.push(...(await open(revision, revision.id)));
  return { revisions, standsFor };
}

/** True when one of the kept revisions has such an id, or became of one that has. */
async function leadsTo(
  project: Project,
  into: string,
  kept: readonly Revision[],
  ids: readonly string[],
): Promise<boolean> {
  if (kept.some(({ id }) => ids.includes(id))) return true;
  for (const { id } of kept) {
    if (id !== into && (await leadsTo(project, id, await keptOf(project, id), ids))) return true;
  }
  return false;
}

/** The revisions that a database has as they were before they were squashed: their files are not edited, but others. */
export async function keptAsRun(project: Project, log: RunLogState): Promise<readonly string[]> {
  const same: string[] = [];
  for (const { id, checksum } of project.revisions) {
    const ran = log.checksums.get(id);
    if (ran === undefined || ran === checksum) continue;
    const kept = await keptOf(project, id).catch(orNone);
    if (kept.some((one) => one.id === id && one.checksum === ran)) same.push(id);
  }
  return same;
}

function orNone(error: unknown): readonly Revision[] {
  if (error instanceof AludelError) return [];
  throw error;
}
