import { hash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Texts kept between runs, by what they were made from. */
export interface TransformCache {
  /** What was kept for `source`, or what `transform` makes of it, which is then kept. Failing to keep it is no error. */
  get(source: string, transform: () => string, isWorthKeeping?: (text: string) => boolean): string;
}

/** The nearest `node_modules` at or above a folder: what is in there is never committed, and belongs to the user. */
function nodeModulesOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, "node_modules");
    if (existsSync(found)) return found;
    if (dirname(at) === at) return null;
  }
}

/**
 * A folder in the system's temporary one that only this user can write to. What is read from it is run, so that a
 * folder that somebody else could have prepared is not used.
 */
function privateTemporaryFolder(): string | null {
  const user = process.getuid?.();
  const folder = join(tmpdir(), user === undefined ? "aludel" : `aludel-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isPrivate = user === undefined || (found.uid === user && (found.mode & 0o077) === 0);
  return found.isDirectory() && isPrivate ? folder : null;
}

/** Where transformed files of a project are kept between runs; `null` when there is no such place. */
export function cacheFolder(root: string): string | null {
  try {
    const modules = nodeModulesOf(root);
    const folder = modules === null ? privateTemporaryFolder() : join(modules, ".cache", "aludel");
    if (folder !== null) mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return null;
  }
}

function readKept(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Writes a file of the cache. Renamed into place, so that another process never sees half a file; failing is no error. */
export function keep(file: string, text: string): void {
  try {
    const half = `${file}.${process.pid}`;
    writeFileSync(half, text);
    renameSync(half, file);
  } catch {
    // A cache that cannot be written costs time, nothing else.
  }
}

/** A cache for one project. `version` is of all that the transformed text depends on beside its source. */
export function openTransformCache(root: string, version: string): TransformCache {
  const folder = cacheFolder(root);
  return {
    get(source, transform, isWorthKeeping = () => true) {
      if (folder === null) return transform();
      const file = join(folder, `${hash("sha256", `${version}\0${source}`, "hex").slice(0, 32)}.js`);
      const kept = readKept(file);
      if (kept !== null) return kept;
      const made = transform();
      if (isWorthKeeping(made)) keep(file, made);
      return made;
    },
  };
}
