import { statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fullVersion } from "../config/server-version.js";
import { dialects } from "../dialect/registry.js";
import type { AnalysedStatement } from "../effect/statement.js";
import { AludelError } from "../error/error.js";
import { type Engine, loadEngine } from "../lint/engine.js";
import { prepareRevision } from "../lint/prepare-revision.js";
import type { Prepared } from "../lint/prepared.js";
import { SchemaTrack } from "../lint/schema-track.js";
import { readSqlFile, shownPath, sqlFiles } from "../lint/sql-files.js";
import type { DialectName } from "../schema/name.js";
import type { Context } from "./context.js";
import { spareMemory } from "./spare-memory.js";
import { idsOf } from "./target.js";

export interface Explained {
  readonly statements: readonly AnalysedStatement[];
  /** The ids of the revisions that the statements are of, by their `source`. */
  readonly revisions: readonly (string | null)[];
  readonly dialect: DialectName;
}

/** True for what is a file or a folder, or is called like a file of SQL. */
export function isFile(cwd: string, target: string): boolean {
  return /\.sql$/i.test(target) || statSync(resolve(cwd, target), { throwIfNoEntry: false }) !== undefined;
}

/** Explains files of SQL, which are one history in the order in which they are given. @throws AludelError `file-unreadable`. */
export async function explainFiles(
  context: Context,
  targets: readonly string[],
  options: { readonly serverVersion: number; readonly dialect: string | null },
): Promise<Explained> {
  const { cwd } = context;
  const given = targets.flatMap((target) => sqlFiles(cwd, [target]).map((file) => ({ target, file })));
  spareMemory(given.map(({ file }) => file));
  const files = given.map(({ target, file }) => readSqlFile(file, asGiven(cwd, target, file), true));
  const engine = await loadEngine(await dialectOf(context, options.dialect));
  return explain(engine, files, options.serverVersion);
}

/** A file is called as the caller calls it, who looks for its records by that name. */
function asGiven(cwd: string, target: string, file: string): string {
  const within = relative(resolve(cwd, target), file);
  return within === "" ? target : `${target.replace(/[/\\]+$/, "")}/${within.split(sep).join("/")}`;
}

async function dialectOf(context: Context, asked: string | null): Promise<DialectName> {
  if (asked === null) {
    return context.config().then(
      ({ dialect }) => dialect ?? "postgres",
      () => "postgres" as const,
    );
  }
  const known = (Object.keys(dialects) as DialectName[]).find((name) => name === asked);
  if (known !== undefined) return known;
  throw new AludelError("usage", `There is no engine "${asked}"`, {
    remedy: `They are ${Object.keys(dialects).join(", ")}.`,
  });
}

/** Explains revisions where they stand in the history, which is read from its beginning. */
export async function explainRevisions(
  context: Context,
  targets: readonly string[],
  serverVersion: number,
): Promise<Explained> {
  const wanted = new Set<string>();
  for (const target of targets.length === 0 ? ["heads"] : targets) {
    for (const id of await idsOf(context, target)) wanted.add(id);
  }
  return explainIds(context, wanted, serverVersion);
}

/** The same for revisions by their ids. */
export async function explainIds(
  context: Context,
  wanted: ReadonlySet<string>,
  serverVersion: number,
): Promise<Explained> {
  const project = await context.project();
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const ordered = [...project.graph.order.flatMap(({ id }) => byId.get(id) ?? []), ...project.repeatables];
  const last = ordered.findLastIndex(({ id }) => wanted.has(id));
  const track = new SchemaTrack(project.dialect.name);
  const files: Prepared[] = [];
  for (const revision of ordered.slice(0, last + 1)) {
    files.push(
      await prepareRevision(revision, {
        project,
        track,
        serverVersion: fullVersion(serverVersion),
        shown: shownPath(context.cwd, revision.file),
        linted: wanted.has(revision.id),
        downgrade: false,
      }),
    );
  }
  return explain(await loadEngine(project.dialect.name), files, serverVersion);
}

async function explain(
  engine: Engine,
  files: readonly Prepared[],
  serverVersion: number,
): Promise<Explained> {
  const statements = await engine.analyse(
    files.map(({ upgrade }) => upgrade.sql),
    { serverVersion, inTransaction: true },
  );
  return {
    statements: statements.filter(({ source }) => files[source]?.linted === true),
    revisions: files.map(({ revision }) => revision?.id ?? null),
    dialect: engine.name,
  };
}
