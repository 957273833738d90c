import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { AludelError, messageOf } from "../error/error.js";
import { fileText } from "./place.js";
import { prepareSql } from "./prepare-sql.js";
import type { Prepared } from "./prepared.js";

/** The path of a file as findings name it. */
export function shownPath(cwd: string, file: string): string {
  return relative(cwd, file).split(sep).join("/");
}

/**
 * The files that paths name; of a folder those in it that end in `.sql`, with those of the folders in it, in the order
 * of their names. Files of ways back (`.down.sql`) are left out of a folder.
 *
 * @throws AludelError `file-unreadable`.
 */
export function sqlFiles(cwd: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const file = resolve(cwd, path);
    return unreadable(file, () => (statSync(file).isDirectory() ? inFolder(file) : [file]));
  });
}

function inFolder(folder: string): readonly string[] {
  // In the order of the numbers in names, as tools run them: `2_a.sql` before `10_b.sql`.
  const { compare } = new Intl.Collator("en", { numeric: true });
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && /\.sql$/i.test(entry.name) && !/\.(?:down|undo|rollback)\.sql$/i.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.slice(folder.length).includes("node_modules"))
    .sort(compare);
}

/** A file of SQL as it is, whatever is in it. @throws AludelError `file-unreadable`. */
export function readSqlFile(file: string, shown: string, linted: boolean): Prepared {
  return prepareSql(shown, fileText(unreadable(file, () => readFileSync(file))), { linted });
}

function unreadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AludelError("file-unreadable", `The file cannot be read: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Correct the path.",
    });
  }
}
