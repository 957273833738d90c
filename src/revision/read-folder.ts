import { readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { AludelError, messageOf } from "../error/error.js";
import { type HeaderCache, openHeaderCache } from "./header-cache.js";
import { readRevision } from "./read-header.js";
import { readText } from "./read-text.js";
import type { Revision } from "./revision.js";

const revisionFile = /^(?![._]).*\.(?:[mc]?ts|[mc]?js|sql)$/;
const declarationFile = /\.d\.[mc]?ts$/;

/** True for a file name that is a revision's. Names that begin with `_` or `.` are for the user's own use. */
export function isRevisionFile(name: string): boolean {
  return revisionFile.test(name) && !declarationFile.test(name);
}

export interface ReadFolderOptions {
  /** Folders inside the folders too. */
  readonly recursive?: boolean;
}

/** A file that may be a revision, by its name. */
export interface ListedFile {
  readonly path: string;
  /** False for a link, a device, a pipe or whatever else has to be looked at before it is read. */
  readonly isPlain: boolean;
}

/** Files of a folder (an absolute path) that may be revisions, in the order of their names. A folder that is not there has none. */
export function listFiles(folder: string, recursive: boolean): readonly ListedFile[] {
  try {
    const files: ListedFile[] = [];
    const names: string[] = [];
    const odd = new Set<string>();
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isDirectory()) {
        if (recursive && !/^[._]|^node_modules$/.test(name))
          files.push(...listFiles(join(folder, name), recursive));
      } else if (isRevisionFile(name)) {
        names.push(name);
        if (!entry.isFile()) odd.add(name);
      }
    }
    // There may be thousands: names are short to compare, and the folder is one that `join` would leave as it is.
    const start = folder.endsWith(sep) ? folder : folder + sep;
    const own = names.sort().map((name): ListedFile => ({ path: start + name, isPlain: !odd.has(name) }));
    return files.length === 0 ? own : [...files, ...own].sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new AludelError("file-unreadable", `The folder ${folder} could not be read: ${messageOf(thrown)}`, {
      remedy: "Check that it is a folder and that you may read it.",
      where: { file: folder },
      cause: thrown,
    });
  }
}

/** One error for all: whoever corrects the first should not have to come back for the second. */
function allOf(errors: readonly AludelError[]): AludelError {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const details = errors.map(({ message, remedy, where: { file, line } }) => {
    return `${file ?? ""}${line === undefined ? "" : `:${line}`}: ${message}. ${remedy}`;
  });
  return new AludelError("revision-unreadable", `${errors.length} revision files could not be read`, {
    remedy: "Correct each of them; what to do stands beside it.",
    details,
    data: { files: errors.map(({ where }) => where.file ?? null) },
  });
}

/**
 * Reading what is no file, such as a device or a pipe, may never end. What is not there is told when it is read.
 * @throws AludelError `file-unreadable`.
 */
export function requireFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true) return;
  throw new AludelError("file-unreadable", "What has the name of a revision is no file", {
    remedy: "Take it out of the folder, or give it a name that begins with _.",
    where: { file, line: 1 },
  });
}

function readNew(file: string, cache: HeaderCache): Revision {
  const revision = readRevision(file, readText(file));
  cache.keep(revision);
  return revision;
}

/**
 * The revisions of the folders, in the order of their file names. Nothing in the files is run.
 *
 * Everything that ends in `.ts`, `.mts`, `.cts`, `.js`, `.mjs`, `.cjs` or `.sql` is a revision, except declarations
 * (`.d.ts`) and files whose names begin with `_` or `.`. Reading is synchronous: for small files it is several times
 * as fast as asking the thread pool.
 *
 * @throws AludelError `revision-unreadable` with every file that could not be read, `file-unreadable`.
 */
export async function readRevisions(
  folders: readonly string[],
  options: ReadFolderOptions = {},
): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  const errors: AludelError[] = [];
  for (const folder of folders.map((one) => resolve(one))) {
    const files = listFiles(folder, options.recursive ?? false);
    const cache = openHeaderCache(folder, files.length);
    for (const { path: file, isPlain } of files) {
      try {
        if (!isPlain) requireFile(file);
        revisions.push(cache.find(file) ?? readNew(file, cache));
      } catch (thrown) {
        if (!(thrown instanceof AludelError)) throw thrown;
        errors.push(thrown);
      }
    }
    cache.save();
  }
  if (errors.length > 0) throw allOf(errors);
  return revisions;
}
