import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { git } from "../revision/git-revisions.js";

/** The files of a commit, in a folder of their own. */
export interface BaseTree {
  /** Where what is in a folder of the working tree is. */
  readonly inside: (path: string) => string;
  readonly dispose: () => void;
}

/**
 * Writes the files of a commit into a new folder, with the packages that are installed beside the working tree's. Neither the
 * working tree nor git's index is touched.
 *
 * @throws AludelError `git-failed`.
 */
export async function openBaseTree(root: string, commit: string): Promise<BaseTree> {
  const top = realpathSync((await git(root, ["rev-parse", "--show-toplevel"])).trim());
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "aludel-base-")));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    const files = join(folder, "files");
    mkdirSync(files);
    // An index of its own: what is staged stays as it is.
    const index = { GIT_INDEX_FILE: join(folder, "index") };
    await git(top, ["read-tree", commit], 0, index);
    await git(top, ["checkout-index", "--all", "--force", `--prefix=${files}/`], 0, index);
    await linkPackages(top, files, commit);
    return { inside: (path) => join(files, relative(top, realFolder(path))), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function realFolder(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

async function linkPackages(top: string, files: string, commit: string): Promise<void> {
  const listed = await git(top, ["ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit]);
  for (const folder of ["", ...listed.split("\0").filter((name) => name !== "")]) {
    const [installed, link] = [join(top, folder, "node_modules"), join(files, folder, "node_modules")];
    if (!existsSync(installed) || existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(installed, link, "dir");
  }
}
