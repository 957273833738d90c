import { realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { AludelError } from "../error/error.js";
import { readFacts } from "./facts.js";
import { type HeaderCache, openHeaderCache } from "./header-cache.js";
import type { RevisionFacts } from "./known-facts.js";
import { listFiles } from "./read-folder.js";
import { readRevision } from "./read-header.js";
import { readText } from "./read-text.js";
import type { Revision } from "./revision.js";

/** A file of a revisions folder with all that can be said of it without running it. */
export interface FileReading {
  readonly folder: string;
  readonly file: string;
  /** Where the file really is, when it is a link that leads out of its folder. */
  readonly outside: string | null;
  /** `null` when not even the header could be read. */
  readonly revision: Revision | null;
  /** `null` when the rest of the file has a mistake. */
  readonly facts: RevisionFacts | null;
  /** Why something could not be read. */
  readonly error: AludelError | null;
}

type Content = Pick<FileReading, "revision" | "facts" | "error">;

function readContent(file: string, cache: HeaderCache): Content {
  let revision: Revision | null = null;
  try {
    const known = cache.find(file);
    const facts = known === null ? null : cache.facts(file);
    if (known !== null && facts !== null) return { revision: known, facts, error: null };
    const text = readText(file);
    revision = readRevision(file, text);
    const found = readFacts(revision, text);
    cache.keep(revision, found);
    return { revision, facts: found, error: null };
  } catch (thrown) {
    if (!(thrown instanceof AludelError)) throw thrown;
    return { revision, facts: null, error: thrown };
  }
}

/** Where a link leads, if that is out of the folder. One that leads nowhere is found when it is read. */
function outsideOf(folder: string, file: string): string | null {
  try {
    const target = realpathSync(file);
    return target.startsWith(realpathSync(folder) + sep) ? null : target;
  } catch {
    return null;
  }
}

/** What is no file, such as a device, may never end. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

/**
 * Every file of the folders that should be a revision, in the order of their names, read as far as it can be. Nothing
 * is run, and nothing is thrown for a file.
 *
 * @throws AludelError `file-unreadable` for a folder.
 */
export function readFiles(
  folders: readonly string[],
  options: { readonly recursive?: boolean } = {},
): readonly FileReading[] {
  return folders.flatMap((one) => {
    const folder = resolve(one);
    const files = listFiles(folder, options.recursive ?? false);
    const cache = openHeaderCache(folder, files.length);
    const readings = files.map(({ path: file, isLink }): FileReading => {
      const outside = isLink ? outsideOf(folder, file) : null;
      if (isLink && !isFile(file)) return { folder, file, outside, revision: null, facts: null, error: null };
      return { folder, file, outside, ...readContent(file, cache) };
    });
    cache.save();
    return readings;
  });
}
