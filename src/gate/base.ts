import { AludelError } from "../error/error.js";
import { commitOf, git, mergeBaseOf, requireCommit, upstreamOf } from "../revision/git-revisions.js";

/** The commit that a change began from. */
export interface Base {
  /** As it was asked for, or found: `origin/main`. */
  readonly reference: string;
  /** What the reference and HEAD have in common. */
  readonly commit: string;
}

/**
 * Where the change began: the merge base of HEAD with a branch, which without a name is the remote's default branch.
 *
 * @throws AludelError `git-failed` outside a repository, for a name that git does not know, where there is nothing to hold the
 *   change against, and where the clone is too shallow to tell.
 */
export async function findBase(root: string, asked: string | null): Promise<Base> {
  const reference = asked ?? (await upstreamOf(root));
  if (reference === null) {
    throw new AludelError("git-failed", "There is no branch that the change could be held against", {
      remedy: "Name it: --base origin/main. In CI it may have to be fetched first: `git fetch origin main`.",
    });
  }
  const tip = await requireCommit(root, reference);
  const head = await commitOf(root, "HEAD");
  if (head === null) {
    throw new AludelError("git-failed", "The repository has no commit yet", {
      remedy: "Commit what is there, or call the checks one by one.",
    });
  }
  const commit = await mergeBaseOf(root, head, tip);
  if (commit !== null) return { reference, commit };
  const shallow = (await git(root, ["rev-parse", "--is-shallow-repository"])).trim() === "true";
  throw new AludelError(
    "git-failed",
    `HEAD and ${reference} have no commit in common${shallow ? " in this shallow clone" : ""}`,
    {
      remedy: shallow
        ? "Fetch the history: `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout."
        : "Name the branch that this one came from with --base.",
    },
  );
}
