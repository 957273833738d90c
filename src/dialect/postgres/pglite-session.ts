import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ParserOptions, PGlite, PGliteOptions } from "@electric-sql/pglite";
import { AludelError, messageOf } from "../../error/error.js";
import type { Connection, ConnectOptions, Row } from "../connection.js";
import { type Asked, describeStatements, type RawDescription } from "./describe.js";
import { findPackage, loadPackage } from "./load-package.js";
import { readCache, writeCache } from "./pglite-cache.js";
import { addExtension, extensionsIn, type PgliteFiles } from "./pglite-extension.js";
import { lockFolder } from "./pglite-folder-lock.js";
import { statementQueue } from "./statement-queue.js";
import { parsedTypes, parserOf } from "./values.js";

const packageName = "@electric-sql/pglite";

interface PgliteModule {
  readonly PGlite: {
    create(options?: PGliteOptions): Promise<PGlite>;
    create(folder: string, options: PGliteOptions): Promise<PGlite>;
  };
}

/** True when PGlite can be had from this folder. */
export function hasPglite(directory: string): boolean {
  return findPackage(packageName, directory) !== null;
}

/** The folder that a `pglite:` URL means, absolute; `null` for memory. */
export function folderOf(url: string, directory: string): string | null {
  const path = url.replace(/^pglite:(?:\/\/(?=\/|$))?/i, "");
  if (path === "" || path === "memory" || path === ":memory:") return null;
  try {
    if (!path.includes("?")) return resolve(directory, decodeURI(path));
  } catch {
    // A % that starts no escape: told below.
  }
  throw new AludelError("url-invalid", "The pglite: URL could not be understood; it takes no options", {
    remedy: "Write pglite: for memory, or pglite:./folder, with % in the folder's name as %25.",
  });
}

/** True for a folder that PGlite has written. */
export function isDatabase(folder: string): boolean {
  return existsSync(join(folder, "PG_VERSION"));
}

function requireDatabase(folder: string): void {
  if (isDatabase(folder)) return;
  throw new AludelError("database-not-found", `There is no PGlite database in ${folder}`, {
    remedy: "Correct the folder in the URL, or run your first upgrade, which makes it.",
    where: { file: folder },
  });
}

async function openFolder(module: PgliteModule, folder: string, fresh: Blob | null): Promise<PGlite> {
  const made = isDatabase(folder) || fresh === null ? {} : { loadDataDir: fresh };
  try {
    await mkdir(folder, { recursive: true });
    return await module.PGlite.create(folder, made);
  } catch (cause) {
    throw new AludelError("connection-failed", `PGlite could not open ${folder}: ${messageOf(cause)}`, {
      remedy:
        "End other programs that have it open; a folder of another PostgreSQL version has to be made anew.",
      where: { file: folder },
      cause,
    });
  }
}

/** Data directories that this process is making where none was kept, by the module. */
const making = new Map<string, Promise<Blob>>();

async function openMemory(module: PgliteModule, entry: string, fresh: Blob | null): Promise<PGlite> {
  const before = making.get(entry);
  // Making one takes seconds: who comes meanwhile waits for a copy of it.
  const data = fresh ?? (before === undefined ? null : await before.catch(() => null));
  if (data !== null) {
    const started = await module.PGlite.create({ loadDataDir: data }).catch(() => null);
    if (started) return started; // else what was kept is damaged
  }
  try {
    const creating = module.PGlite.create();
    const dumped = creating.then((started) => started.dumpDataDir("none"));
    // Where it fails, who waits makes one of their own.
    dumped.catch(() => making.delete(entry));
    making.set(entry, dumped);
    const started = await creating;
    await writeCache(entry, () => dumped);
    // Nobody may change it before it is copied.
    await dumped.catch(() => undefined);
    return started;
  } catch (cause) {
    throw new AludelError("connection-failed", `PGlite did not start: ${messageOf(cause)}`, {
      remedy: `Update ${packageName}, or use a postgres: URL.`,
      cause,
    });
  }
}

/** Values come back as they do from a server, without changing what others get from the same database. */
function serverParsers(pglite: PGlite): ParserOptions {
  const oids = [...Object.keys(pglite.parsers).map(Number), ...parsedTypes];
  return Object.fromEntries(oids.map((oid) => [oid, parserOf(oid)]));
}

/** Makes extensions that PGlite brings along available when a script creates them. */
function extensionLoader(pglite: PGlite, entry: string): (script: string) => Promise<void> {
  const files = (pglite as unknown as { readonly Module?: { readonly FS?: PgliteFiles } }).Module?.FS;
  const known = new Set<string>(["plpgsql"]);
  return async (script) => {
    if (!files) return;
    for (const extension of extensionsIn(script)) await addExtension(extension, { files, entry }, known);
  };
}

/** Makes a database in a folder, of another one's data. */
export async function restoreFolder(folder: string, data: Blob, directory: string): Promise<void> {
  const module = await loadPackage<PgliteModule>(packageName, directory, "A pglite: database");
  await (await openFolder(module, folder, data)).close();
}

/** PGlite, started. */
export interface StartedPglite {
  readonly pglite: PGlite;
  /** Where its module is. */
  readonly entry: string;
}

/** Starts PGlite in memory, with the data of another one where they are given, and the extensions that these use. */
export async function startPglite(directory: string, data: Blob | null): Promise<StartedPglite> {
  const module = await loadPackage<PgliteModule>(packageName, directory, "A pglite: database");
  const entry = findPackage(packageName, directory) ?? "";
  if (data === null) return { pglite: await openMemory(module, entry, await readCache(entry)), entry };
  const pglite = await module.PGlite.create({ loadDataDir: data });
  const { rows } = await pglite.query<{ name: string }>("SELECT extname AS name FROM pg_extension");
  const provide = extensionLoader(pglite, entry);
  for (const { name } of rows) await provide(`CREATE EXTENSION "${name}"`);
  return { pglite, entry };
}

/**
 * Opens PGlite, PostgreSQL in this process: in memory (`pglite:`) or in a folder (`pglite:./data`). It has one session,
 * and its user is a superuser.
 *
 * @throws AludelError `dependency-missing`, `url-invalid`, `database-not-found`, `connection-failed`.
 */
export async function openPgliteSession(url: string, options: ConnectOptions): Promise<Connection> {
  const folder = folderOf(url, options.directory);
  const module = await loadPackage<PgliteModule>(packageName, options.directory, "A pglite: database");
  const entry = findPackage(packageName, options.directory) ?? "";
  const fresh = await readCache(entry);
  if (folder !== null && options.mustExist) requireDatabase(folder);
  const unlock = folder === null ? async () => {} : await lockFolder(folder);
  let pglite: PGlite;
  try {
    pglite =
      folder === null ? await openMemory(module, entry, fresh) : await openFolder(module, folder, fresh);
  } catch (thrown) {
    await unlock();
    throw thrown;
  }
  const target = folder === null ? "pglite:" : `pglite:${folder}`;
  await pglite.query("SELECT set_config('application_name', $1, false)", [
    options.applicationName ?? "aludel",
  ]);
  return sessionOver({ pglite, entry }, target, async () => {
    await pglite.close();
    await unlock();
  });
}

/** A session on a PGlite that is open; `end` is called when it is closed. */
export async function sessionOver(
  { pglite, entry }: StartedPglite,
  target: string,
  end: () => Promise<void>,
): Promise<Connection> {
  const parsers = serverParsers(pglite);
  const provide = extensionLoader(pglite, entry);
  const [found] = (
    await pglite.query<{ text: string; number: string }>(
      "SELECT current_setting('server_version') AS text, current_setting('server_version_num') AS number",
    )
  ).rows;

  const queue = statementQueue(target, () => undefined);
  let changed = 0;
  const hearers = new Set<(message: string) => void>();
  const onNotice = ({ message }: { readonly message?: string | undefined }) => {
    for (const hear of hearers) hear(message ?? "");
  };
  const send = <T>(sql: string, work: () => Promise<T>): Promise<T> =>
    queue.send(sql, async () => {
      await provide(sql);
      return work();
    });

  return {
    dialect: "postgres",
    server: { product: `PGlite (PostgreSQL ${found?.text})`, version: Number(found?.number) },
    target,
    query: (sql, parameters = []) =>
      send(sql, async (): Promise<readonly Row[]> => {
        const results =
          parameters.length > 0
            ? [await pglite.query<Row>(sql, [...parameters], { parsers })]
            : await pglite.exec(sql, { parsers });
        changed += changedBy(results);
        return (results.at(-1)?.rows ?? []) as readonly Row[];
      }),
    run: (script) =>
      send(script, async () => {
        changed += changedBy(await pglite.exec(script, { onNotice }));
      }),
    changedRows: async () => changed,
    describe: (statements) =>
      queue.send("", () =>
        describeStatements(statements, {
          target,
          version: Number(found?.number),
          describe: (asked) => describeInTurn(pglite, asked),
          query: async (sql) => (await pglite.exec(sql)).flatMap(({ rows }): readonly Row[] => rows),
        }),
      ),
    hear: (hear) => {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
    // It runs in this very thread: as long as a statement runs nobody can ask.
    cancel: () => Promise.resolve(),
    close: () => queue.close(end, "when-idle"),
  };
}

/** PGlite counts on from one result of a script to the next. */
function changedBy(results: readonly { readonly affectedRows?: number }[]): number {
  return results.at(-1)?.affectedRows ?? 0;
}

async function describeInTurn(pglite: PGlite, asked: readonly Asked[]): Promise<(RawDescription | Error)[]> {
  const found: (RawDescription | Error)[] = [];
  for (const one of asked) found.push(await describeOne(pglite, one));
  return found;
}

async function describeOne(pglite: PGlite, { text, types }: Asked): Promise<RawDescription | Error> {
  try {
    const { queryParams, resultFields } = await pglite.describeQuery(text, { paramTypes: [...types] });
    return { parameters: queryParams.map(({ dataTypeID }) => dataTypeID), fields: resultFields };
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}
