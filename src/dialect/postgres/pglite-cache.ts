import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Where the initialised data directory of a version of PGlite is kept. Making one takes PGlite seconds, reading it a
 * fraction of one. `null` when the place cannot be trusted: others could have put something there.
 */
async function cacheFile(entry: string): Promise<string | null> {
  const { version } = createRequire(entry)(join(dirname(dirname(entry)), "package.json")) as {
    version: string;
  };
  const owner = process.getuid?.() ?? "user";
  const folder = join(tmpdir(), `aludel-cache-${owner}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const state = await stat(folder);
    if (process.getuid && (state.uid !== owner || (state.mode & 0o022) !== 0)) return null;
    return join(folder, `pglite-${version}.tar`);
  } catch {
    return null;
  }
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
