import type { Config } from "../../config/config.js";
import {
  commitOf,
  mergeBaseOf,
  type OnUnreadable,
  requireCommit,
  revisionsAt,
  textAt,
} from "../../revision/git-revisions.js";
import { readText } from "../../revision/read-text.js";
import { apart } from "../../revision/repeatable.js";
import type { Revision } from "../../revision/revision.js";
import { type Clashes, type Clashing, findClashes } from "./clashes.js";
import { looseGraph } from "./find-conflicts.js";

/** A revision that both sides have, with different contents. */
export interface Different {
  readonly here: Revision;
  readonly there: Revision;
  /** Which side changed it since they parted; both also where that cannot be told. */
  readonly changed: "here" | "there" | "both";
}

/** The revisions of the working tree beside those of another branch. */
export interface BaseComparison {
  readonly reference: string;
  readonly commit: string;
  readonly newHere: readonly Revision[];
  readonly newThere: readonly Revision[];
  readonly different: readonly Different[];
  readonly removedHere: readonly Revision[];
  readonly removedThere: readonly Revision[];
  /** Files of the other branch that could not be read. */
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
  /** What a merge would have that nothing requires. */
  readonly heads: readonly Revision[];
  /** All that a merge would have. */
  readonly merged: readonly Revision[];
}

/**
 * The clashes between what is new on both sides. The texts of the other side's come from git; nothing of them is run.
 * @throws AludelError `git-failed`, and as `looseGraph` for what a merge would make no graph.
 */
export async function clashesBeside(
  root: string,
  base: BaseComparison,
  reading: Pick<Clashing, "dialect" | "arguments">,
): Promise<Clashes> {
  const there = new Set(base.newThere);
  const here = new Set(base.newHere);
  const crosses = (a: Revision, b: Revision) =>
    (here.has(a) && there.has(b)) || (there.has(a) && here.has(b));
  if (there.size === 0 || here.size === 0) return { clashes: [], notAnalysed: [] };
  const { graph } = looseGraph(base.merged);
  const textOf = async (revision: Revision) =>
    there.has(revision) ? textAt(root, base.commit, revision.file) : readText(revision.file);
  return findClashes({ ...reading, revisions: base.merged, graph, textOf }, crosses);
}

/**
 * Holds the revisions of the working tree against those of a commit, as three sides: what one of them took away since they
 * parted does not come back by a merge. Headers are read from the text of the commits; nothing is checked out or run.
 *
 * @throws AludelError `git-failed`, also for a name that git does not know.
 */
export async function compareWithBase(
  { root, revisionFolders: folders }: Pick<Config, "root" | "revisionFolders">,
  revisions: readonly Revision[],
  reference: string,
): Promise<BaseComparison> {
  const commit = await requireCommit(root, reference);
  const own = await commitOf(root, "HEAD");
  const common = own === null ? null : await mergeBaseOf(root, own, commit);
  const unreadable: { readonly file: string; readonly message: string }[] = [];
  const there = byId(
    await inGraph(root, folders, commit, (file, { message }) => unreadable.push({ file, message })),
  );
  const before = byId(common === null ? [] : await inGraph(root, folders, common, () => undefined));
  const here = byId(revisions);
  const onlyHere = revisions.filter(({ id }) => !there.has(id));
  const onlyThere = [...there.values()].filter(({ id }) => !here.has(id));
  const newHere = onlyHere.filter(({ id }) => !before.has(id));
  const newThere = onlyThere.filter(({ id }) => !before.has(id));
  const kept = revisions.filter(({ id }) => there.has(id));
  const merged = [...kept, ...newHere, ...newThere];
  return {
    reference,
    commit,
    newHere,
    newThere,
    different: kept.flatMap((one) => differenceOf(one, there.get(one.id), before.get(one.id))),
    removedHere: onlyThere.filter(({ id }) => before.has(id)),
    removedThere: onlyHere.filter(({ id }) => before.has(id)),
    unreadable,
    heads: headsOf(merged),
    merged,
  };
}

/** What stands after the graph conflicts as text, where git says so. */
async function inGraph(
  root: string,
  folders: readonly string[],
  commit: string,
  unreadable: OnUnreadable,
): Promise<readonly Revision[]> {
  return apart(await revisionsAt(root, folders, [commit], unreadable)).revisions;
}

function byId(revisions: readonly Revision[]): ReadonlyMap<string, Revision> {
  return new Map(revisions.map((revision) => [revision.id, revision]));
}

function differenceOf(
  here: Revision,
  there: Revision | undefined,
  before: Revision | undefined,
): readonly Different[] {
  if (there === undefined || there.checksum === here.checksum) return [];
  const changed =
    before?.checksum === here.checksum ? "there" : before?.checksum === there.checksum ? "here" : "both";
  return [{ here, there, changed }];
}

/** Read as they are: a graph that a merge would make need not be a whole one. */
function headsOf(revisions: readonly Revision[]): readonly Revision[] {
  const required = new Set(revisions.flatMap(({ revises, dependsOn }) => [...revises, ...dependsOn]));
  return revisions.filter(
    ({ id, labels }) => !required.has(id) && !labels.some((label) => required.has(label)),
  );
}
