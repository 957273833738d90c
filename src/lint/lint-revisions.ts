import { fullVersion } from "../config/server-version.js";
import type { Revision } from "../revision/revision.js";
import { endOf, type HistoryEnd } from "./analyse-files.js";
import { loadEngine } from "./engine.js";
import { type LintOptions, type LintResult, lintFiles, mergeVersions } from "./lint.js";
import type { LintedProject } from "./prepare-options.js";
import { prepareRevision } from "./prepare-revision.js";
import type { Prepared } from "./prepared.js";
import { SchemaTrack } from "./schema-track.js";
import { shownPath } from "./sql-files.js";
import { openWorldCache } from "./world-cache.js";

export interface LintRevisionsOptions extends Omit<LintOptions, "start" | "inTransaction"> {
  /** True for those that are linted; the others are there because these build on them. */
  readonly isLinted: (revision: Revision) => boolean;
  readonly downgrades: boolean;
  /** Paths of files are shown from here. */
  readonly cwd: string;
}

export type LintedRevisions = Omit<LintResult, "end">;

/**
 * Lints revisions of a project where they stand in its history. No database is asked: what came before is read once and
 * remembered by its checksums.
 */
export async function lintRevisions(
  project: LintedProject,
  options: LintRevisionsOptions,
): Promise<LintedRevisions> {
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const ordered = [...project.graph.order.flatMap(({ id }) => byId.get(id) ?? []), ...project.repeatables];
  const first = ordered.findIndex(options.isLinted);
  if (first === -1) return { findings: [], statements: 0, obligations: [], sources: new Map() };
  const last = ordered.findLastIndex(options.isLinted);
  const results: LintResult[] = [];
  for (const serverVersion of options.serverVersions) {
    const one = { ...options, serverVersions: [serverVersion] };
    const history = await readHistory(project, ordered.slice(0, first), serverVersion, options.cwd);
    const files: Prepared[] = [];
    for (const revision of ordered.slice(first, last + 1)) {
      files.push(
        await prepareRevision(revision, {
          project,
          track: history.track,
          serverVersion: fullVersion(serverVersion),
          shown: shownPath(options.cwd, revision.file),
          linted: options.isLinted(revision),
          downgrade: options.downgrades,
        }),
      );
    }
    const { end } = history;
    results.push(
      await lintFiles(await loadEngine(project.dialect.name), files, {
        ...one,
        inTransaction: true,
        ...(end === null ? {} : { start: end }),
      }),
    );
  }
  return {
    findings: mergeVersions(results.map(({ findings }) => findings)),
    statements: results[0]?.statements ?? 0,
    obligations: results.at(-1)?.obligations ?? [],
    sources: results[0]?.sources ?? new Map(),
  };
}

/** What came before some revisions. */
export interface History {
  readonly end: HistoryEnd | null;
  readonly track: SchemaTrack;
}

/** Reads revisions, in this order, from an empty database on; without asking one. */
export async function readHistory(
  project: LintedProject,
  revisions: readonly Revision[],
  serverVersion: number,
  cwd: string,
): Promise<History> {
  const { dialect, config } = project;
  if (revisions.length === 0) return { end: null, track: new SchemaTrack(dialect.name) };
  const cache = openWorldCache(config.root, [
    dialect.name,
    `${serverVersion}`,
    JSON.stringify(project.arguments),
  ]);
  const checksums = revisions.map(({ checksum }) => checksum);
  const known = cache.find(checksums);
  const track = new SchemaTrack(dialect.name, known?.schema);
  const rest = revisions.slice(known?.length ?? 0);
  if (known !== null && rest.length === 0) return { end: known.end, track };
  const files: Prepared[] = [];
  for (const revision of rest) {
    files.push(
      await prepareRevision(revision, {
        project,
        track,
        serverVersion: fullVersion(serverVersion),
        shown: shownPath(cwd, revision.file),
        linted: false,
        downgrade: false,
      }),
    );
  }
  const settings = { serverVersion, inTransaction: true };
  const { analyse } = await loadEngine(dialect.name);
  const end = await endOf(analyse, files, known === null ? settings : { ...settings, start: known.end });
  cache.keep(checksums, end, track.now);
  return { end, track };
}
