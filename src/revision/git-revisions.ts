import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { AludelError, messageOf } from "../error/error.js";
import { isRevisionFile } from "./read-folder.js";
import { readRevision } from "./read-header.js";
import type { Revision } from "./revision.js";

/** What another commit has in the folder of the revisions. */
export interface CommittedRevisions {
  /** As it was asked for: `origin/main`. */
  readonly reference: string;
  readonly commits: readonly string[];
  readonly revisions: readonly Revision[];
}

/** Runs git in a folder, for as long as it may take (0: as long as it takes), with more variables. @throws AludelError `git-failed`. */
export async function git(
  folder: string,
  words: readonly string[],
  timeout = 0,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  return (await gitBytes(folder, words, "", timeout, variables)).toString("utf8");
}

function gitBytes(
  folder: string,
  words: readonly string[],
  input: string,
  timeout = 0,
  variables: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", ...variables };
  const options = { cwd: folder, maxBuffer: 1 << 30, env, encoding: "buffer", timeout } as const;
  return new Promise((resolve, reject) => {
    const child = execFile("git", [...words], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(gitFailed(error, stderr.toString("utf8")));
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function gitFailed(error: Error, stderr: string): AludelError {
  const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
  const said = stderr.trim().split("\n")[0] ?? "";
  return new AludelError(
    "git-failed",
    isMissing
      ? "git is not installed, or not on the path"
      : `git could not be asked: ${said || messageOf(error)}`,
    {
      cause: error,
      remedy: isMissing
        ? "Install git, or name the revisions instead."
        : "Run the command inside the repository, or name the revisions instead.",
    },
  );
}

const orNull = (_error: unknown): null => null;

/** The full id of a commit; `null` when nothing is called so. */
export async function commitOf(folder: string, reference: string): Promise<string | null> {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`];
  return git(folder, words).then((text) => text.trim(), orNull);
}

/**
 * What the current branch will be merged into: the remote's default branch, or else the branch that it follows, or else
 * `main` or `master`. `null` when there is none of them.
 * @throws AludelError `git-failed` outside a repository.
 */
export async function upstreamOf(folder: string): Promise<string | null> {
  const format = "--format=%(HEAD)%00%(refname)%00%(upstream:short)%00%(symref:short)";
  const listed = await git(folder, ["for-each-ref", format, "refs/heads", ...usualBranches]);
  const refs = listed.split("\n").map((line) => {
    const [mark, ref = "", followed = "", target = ""] = line.split("\0");
    return { isCurrent: mark === "*", ref, followed, target };
  });
  const current = refs.find(({ isCurrent }) => isCurrent);
  const has = (name: string) => refs.some(({ ref, isCurrent }) => ref === name && !isCurrent);
  // Where it leads nowhere, git does not list it.
  const remote = refs.find(({ ref }) => ref === "refs/remotes/origin/HEAD")?.target;
  if (remote) return remote;
  if (has("refs/remotes/origin/main")) return "origin/main";
  if (has("refs/remotes/origin/master")) return "origin/master";
  const followed = current?.followed || null;
  if (followed !== null && (await commitOf(folder, followed)) !== null) return followed;
  if (has("refs/heads/main")) return "main";
  return has("refs/heads/master") ? "master" : null;
}

const usualBranches = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"];

/**
 * The revisions that the working tree has in common with a branch: those of the merge base. During a merge that is not
 * committed yet, also those that the branch being merged has in common with it.
 * @throws AludelError `git-failed` for a name that git does not know.
 */
export async function commonRevisions(
  root: string,
  folders: readonly string[],
  reference: string,
): Promise<CommittedRevisions> {
  const base = await requireCommit(root, reference);
  const commits = new Set<string>();
  for (const tip of ["HEAD", "MERGE_HEAD"]) {
    const commit = await commitOf(root, tip);
    if (commit === null) continue;
    const common = await git(root, ["merge-base", commit, base]).then((text) => text.trim(), orNull);
    if (common) commits.add(common);
  }
  return { reference, commits: [...commits], revisions: await revisionsAt(root, folders, [...commits]) };
}

/** @throws AludelError `git-failed` for a name that git does not know. */
export async function requireCommit(root: string, reference: string): Promise<string> {
  const commit = await commitOf(root, reference);
  if (commit !== null) return commit;
  await git(root, ["rev-parse", "--git-dir"]);
  throw new AludelError("git-failed", `git knows no commit ${reference}`, {
    remedy: "Name a branch, a tag or a commit: origin/main. `git fetch` brings those of the remote.",
  });
}

/** The revisions of the folders in some commits, each once by its id. No file is checked out, none is run. */
export async function revisionsAt(
  root: string,
  folders: readonly string[],
  commits: readonly string[],
  unreadable?: OnUnreadable,
): Promise<readonly Revision[]> {
  const top = (await git(root, ["rev-parse", "--show-toplevel"])).trim();
  const realTop = realpathSync(top);
  const realRoot = realpathSync(root);
  const inside = folders.map((folder) =>
    relative(realTop, join(realRoot, relative(root, folder)))
      .split(sep)
      .join("/"),
  );
  const found = new Map<string, Revision>();
  for (const commit of commits) {
    const paths = await filesAt(root, commit, inside);
    const texts = await textsAt(top, commit, paths);
    for (const [path, text] of texts) {
      const file = join(top, path);
      const revision = unreadable === undefined ? readRevision(file, text) : tryRead(file, text, unreadable);
      if (revision !== null && !found.has(revision.id)) found.set(revision.id, revision);
    }
  }
  return [...found.values()];
}

/** The text of a file, by the path that it has in the working tree. @throws AludelError `git-failed`. */
export async function textAt(root: string, commit: string, file: string): Promise<string> {
  const top = (await git(root, ["rev-parse", "--show-toplevel"])).trim();
  const path = relative(top, file).split(sep).join("/");
  return git(top, ["show", "--no-textconv", `${commit}:${path}`]);
}

/** Is told of a file that is no revision, which is otherwise an error. */
export type OnUnreadable = (file: string, error: AludelError) => void;

function tryRead(file: string, text: string, unreadable: OnUnreadable): Revision | null {
  try {
    return readRevision(file, text);
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    unreadable(file, error);
    return null;
  }
}

/** The last commit that two have in common; `null` when there is none. */
export function mergeBaseOf(root: string, a: string, b: string): Promise<string | null> {
  return git(root, ["merge-base", a, b]).then((text) => text.trim() || null, orNull);
}

async function filesAt(root: string, commit: string, folders: readonly string[]): Promise<readonly string[]> {
  const words = [
    "ls-tree",
    "-z",
    "--name-only",
    "--full-tree",
    commit,
    // Without a path it is the top.
    ...(folders.includes("") ? [] : folders.map((folder) => `${folder}/`)),
  ];
  const listed = (await git(root, words)).split("\0");
  return listed.filter((path) => isRevisionFile(path.slice(path.lastIndexOf("/") + 1)));
}

/** The texts of files, in one go. */
async function textsAt(
  top: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly (readonly [path: string, text: string])[]> {
  if (paths.length === 0) return [];
  const asked = paths.map((path) => `${commit}:${path}`).join("\n");
  const answer = await gitBytes(top, ["cat-file", "--batch"], `${asked}\n`);
  const texts: (readonly [string, string])[] = [];
  let at = 0;
  for (const path of paths) {
    const end = answer.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(answer.toString("utf8", at, end))?.[1] ?? Number.NaN);
    if (Number.isNaN(size)) {
      at = end + 1;
      continue;
    }
    texts.push([path, answer.toString("utf8", end + 1, end + 1 + size)]);
    at = end + 1 + size + 1;
  }
  return texts;
}
