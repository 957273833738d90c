import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";

/** A backup that is not finished ends in this; it is none. */
export const unfinished = ".partial";

/** Where a backup is written to before it is known to be one. */
export interface Place {
  readonly temporary: string;
  /** Gives it its name, or the next one that is free; nothing is ever overwritten. */
  keep(): string;
  /** Removes what was written, if it was not kept. */
  clear(): void;
}

/**
 * Makes an empty file, or folder, that only this user can read.
 *
 * @throws AludelError `file-unwritable`.
 */
export function makePlace(folder: string, name: string, ending: string, isFolder: boolean): Place {
  const temporary = join(folder, `${name}${ending}.${process.pid}${unfinished}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isFolder) mkdirSync(temporary, { mode: 0o700 });
    else closeSync(openSync(temporary, "wx", 0o600));
  } catch (cause) {
    throw new AludelError("file-unwritable", `No backup can be written into ${folder}: ${messageOf(cause)}`, {
      where: { file: temporary },
      remedy: "Make the folder writable, or set `backup.folder` of the environment to another one.",
      cause,
    });
  }
  return {
    temporary,
    clear: () => rmSync(temporary, { recursive: true, force: true }),
    keep: () => {
      for (let number = 1; ; number++) {
        const path = join(folder, `${name}${number === 1 ? "" : `-${number}`}${ending}`);
        if (!existsSync(path) && moved(temporary, path, isFolder)) return path;
      }
    },
  };
}

/** False when something of that name has come meanwhile. */
function moved(from: string, to: string, isFolder: boolean): boolean {
  try {
    if (isFolder) renameSync(from, to);
    else {
      // Unlike a rename a link never takes the place of what is there.
      linkSync(from, to);
      rmSync(from);
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOTEMPTY") return false;
    if (isFolder || code === "ENOENT" || code === "ENOSPC") throw error;
    // A file system without links.
    renameSync(from, to);
    return true;
  }
}

/** The size of a file, or of all files of a folder. */
export function sizeOf(path: string): number {
  const state = statSync(path);
  if (!state.isDirectory()) return state.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
