import { AludelError } from "../error/error.js";
import { changedFiles, isChanged } from "../lint/changed.js";
import { loadEngine } from "../lint/engine.js";
import { type LintResult, lintFiles } from "../lint/lint.js";
import { fileText } from "../lint/place.js";
import type { LintedProject } from "../lint/prepare-options.js";
import { prepareSql } from "../lint/prepare-sql.js";
import { readSqlFile, shownPath, sqlFiles } from "../lint/sql-files.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import { dialectAsked, type LintSettings } from "./lint-settings.js";
import type { CommandOptions } from "./options.js";
import { spareMemory } from "./spare-memory.js";
import { idsOf } from "./target.js";

type Options = CommandOptions["lint"];
export type Result = Omit<LintResult, "end">;

/** Lints the revisions that are asked for: by target, all, or what is new. */
export async function lintRevisionsAsked(
  context: Context,
  options: Options,
  settings: LintSettings,
): Promise<Result> {
  if (options.after.length > 0) throw notTogether("--after goes with --from-file");
  // git works while the revisions are read.
  const [project, isLinted] = await Promise.all([linted(context), revisionsAsked(context, options)]);
  return lintProject(context, project, isLinted, settings);
}

async function linted(context: Context): Promise<LintedProject> {
  return {
    config: await context.config(),
    dialect: { name: await context.dialectName() },
    revisions: await context.revisions(),
    repeatables: await context.repeatables(),
    graph: await context.graph(),
    arguments: context.arguments,
  };
}

/** The same for a project whose revisions may say something else than is on disk. */
export async function lintProject(
  { cwd }: Context,
  project: LintedProject,
  isLinted: (revision: Revision) => boolean,
  settings: LintSettings,
): Promise<Result> {
  const { lintRevisions } = await import("../lint/lint-revisions.js");
  const { downgrades } = settings.config;
  return lintRevisions(project, { ...settings.lint, isLinted, downgrades, cwd });
}

export async function revisionsAsked(
  context: Context,
  options: Options,
): Promise<(revision: Revision) => boolean> {
  const { targets, all, since } = options;
  if ([targets.length > 0, all, since !== null].filter((one) => one).length > 1)
    throw notTogether("Targets, --all and --since each choose revisions");
  const isHistory = options.obligations && targets.length === 0 && since === null;
  if (all || isHistory) return () => true;
  if (targets.length > 0) {
    const ids = new Set<string>();
    for (const target of targets) for (const id of await idsOf(context, target)) ids.add(id);
    return ({ id }) => ids.has(id);
  }
  const { root, revisionFolders } = await context.config();
  const changed = await changedFiles(root, revisionFolders, since);
  if (changed === null) {
    context.out.talk("There is no commit of git that the revisions could be held against: all are linted");
    return () => true;
  }
  const isIn = isChanged(changed);
  const isNew = ({ file }: Revision) => isIn(file);
  const revisions = [...(await context.revisions()), ...(await context.repeatables())];
  if (!revisions.some(isNew)) context.out.talk(`No revision is new or changed since ${changed.reference}`);
  return isNew;
}

/** Lints files of SQL, which are one history in the order in which they are given. */
export async function lintFilesAsked(
  context: Context,
  options: Options,
  files: readonly string[],
  settings: LintSettings,
  /** What files say instead, by the names that they are shown under. */
  texts: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Result> {
  if (options.targets.length > 0 || options.all)
    throw notTogether("--from-file lints files instead of revisions");
  const { cwd } = context;
  const before = sqlFiles(cwd, options.after);
  const asked = sqlFiles(cwd, files).filter((file) => !before.includes(file));
  spareMemory([...before, ...asked]);
  const changed = options.since === null ? null : await changedFiles(cwd, [cwd], options.since);
  const isLinted = changed === null ? () => true : isChanged(changed);
  const prepared = [
    ...before.map((file) => readSqlFile(file, shownPath(cwd, file), false)),
    ...asked.map((file) => {
      const shown = shownPath(cwd, file);
      const text = texts.get(shown);
      if (text !== undefined) return prepareSql(shown, fileText(text), { linted: isLinted(file) });
      return readSqlFile(file, shown, isLinted(file));
    }),
  ];
  const engine = await loadEngine(dialectAsked(options.dialect, settings.project));
  return lintFiles(engine, prepared, { ...settings.lint, inTransaction: options.transaction });
}

function notTogether(message: string): AludelError {
  return new AludelError("usage", message, { remedy: "Leave one of them out." });
}
