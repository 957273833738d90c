import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { privateFolder } from "../private-folder.js";

/** The version of the PGlite whose module this is. */
export function pgliteVersion(entry: string): string {
  const description = createRequire(entry)(join(dirname(dirname(entry)), "package.json"));
  return (description as { readonly version: string }).version;
}

/**
 * Where the initialised data directory of a version of PGlite is kept. Making one takes PGlite seconds, reading it a
 * fraction of one. `null` when the place cannot be trusted.
 */
async function cacheFile(entry: string): Promise<string | null> {
  const folder = await privateFolder("aludel-cache");
  return folder === null ? null : join(folder, `pglite-${pgliteVersion(entry)}.tar`);
}

/** The kept data directory; `null` when there is none. */
export async function readCache(entry: string): Promise<Blob | null> {
  const file = await cacheFile(entry).catch(() => null);
  const content = file === null ? null : await readFile(file).catch(() => null);
  return content === null ? null : new Blob([content]);
}

/** Keeps a fresh data directory. Fails silently: without it the next start is slow, nothing else. */
export async function writeCache(entry: string, dump: () => Promise<Blob>): Promise<void> {
  try {
    const file = await cacheFile(entry);
    if (file === null) return;
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, Buffer.from(await (await dump()).arrayBuffer()));
    await rename(temporary, file);
    for (const name of await readdir(dirname(file))) {
      const other = join(dirname(file), name);
      if (/^pglite-.*\.tar$/.test(name) && other !== file) await rm(other, { force: true });
    }
  } catch {
    // A cache is an offer.
  }
}
