import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AludelError } from "../error/error.js";
import { commitOf, git, requireCommit, upstreamOf } from "../revision/git-revisions.js";

/** Files that are new or other than in a commit. */
export interface Changed {
  /** What they were held against. */
  readonly reference: string;
  /** Absolute paths. */
  readonly files: ReadonlySet<string>;
}

/**
 * The files in some folders that the working tree does not have in common with a branch: what was added or changed since
 * the merge base, committed or not. Without a reference it is what the current branch will be merged into; `null`
 * where there is no git, or no commit.
 *
 * @throws AludelError `git-failed` for a reference that git does not know.
 */
export async function changedFiles(
  root: string,
  folders: readonly string[],
  since: string | null,
): Promise<Changed | null> {
  const around = Promise.all([
    git(root, ["rev-parse", "--show-toplevel"]),
    git(root, ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ...folders]),
  ]);
  around.catch(() => undefined);
  const reference = since ?? (await referenceOf(root));
  if (reference === null) return null;
  const [[top, untracked], changed] = await Promise.all([around, differing(root, reference, folders)]);
  const names = [...changed.split("\0"), ...untracked.split("\0")].filter((name) => name !== "");
  return { reference, files: new Set(names.map((name) => join(top.trim(), name))) };
}

/** What is not as it was where HEAD and a reference parted, as git lists it. */
function differing(root: string, reference: string, folders: readonly string[]): Promise<string> {
  const words = ["diff", "--name-only", "-z", "--no-renames", "--diff-filter=d"];
  const asked = [...words, "--merge-base", "--end-of-options", reference, "--", ...folders];
  return git(root, asked).catch(async () =>
    git(root, [...words, await baseOf(root, reference), "--", ...folders]),
  );
}

/** For a git that cannot tell by itself, or where there are several such commits, or none. */
async function baseOf(root: string, reference: string): Promise<string> {
  const commit = await requireCommit(root, reference);
  return git(root, ["merge-base", "HEAD", commit]).then(
    (text) => text.trim(),
    () => commit,
  );
}

/** Where there is no other branch, new is what is not committed. */
async function referenceOf(root: string): Promise<string | null> {
  try {
    return (await upstreamOf(root)) ?? ((await commitOf(root, "HEAD")) === null ? null : "HEAD");
  } catch (error) {
    if (error instanceof AludelError) return null;
    throw error;
  }
}

/** True for files that are among those that changed; git names them by paths that follow no links. */
export function isChanged({ files }: Changed): (file: string) => boolean {
  // Of most files no other has the name: their folders are not looked at.
  const names = new Set([...files].map((file) => basename(file)));
  const folders = new Map<string, string>();
  const realFolder = (folder: string): string => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = realPath(folder);
    folders.set(folder, found);
    return found;
  };
  return (file) => {
    if (files.has(file)) return true;
    const name = basename(file);
    return names.has(name) && files.has(join(realFolder(dirname(file)), name));
  };
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
