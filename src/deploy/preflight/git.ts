import { AludelError } from "../../error/error.js";
import { commitOf, git } from "../../revision/git-revisions.js";
import type { Answer, Preflight } from "./check.js";

const shownFiles = 10;

/** What is deployed can be found again: everything is committed, and the commit is where others can see it. */
export async function gitCheck({ project, environment }: Preflight): Promise<Answer> {
  if (!environment.preflight.git) {
    return { verdict: "skipped", told: "preflight.git is false in the configuration" };
  }
  const { root } = project.config;
  const off = `\`environments.${environment.name}.preflight.git: false\` leaves this out`;
  try {
    const changed = (await git(root, ["status", "--porcelain"])).split("\n").filter((line) => line !== "");
    if (changed.length > 0) {
      return {
        verdict: "failed",
        told: `${changed.length === 1 ? "1 file" : `${changed.length} files`} of the working tree are not committed`,
        details: [...changed.slice(0, shownFiles), ...(changed.length > shownFiles ? ["…"] : [])],
        remedy: `Commit or stash what is changed; ${off}.`,
      };
    }
    const commit = await commitOf(root, "HEAD");
    if (commit === null)
      return { verdict: "failed", told: "There is no commit yet", remedy: "Commit, and push." };
    const refs = await git(root, [
      "for-each-ref",
      "--contains",
      "HEAD",
      "--format=%(refname:short)",
      "refs/remotes",
    ]);
    const [remote] = refs.split("\n").filter((line) => line !== "");
    const short = commit.slice(0, 12);
    if (remote === undefined) {
      return {
        verdict: "failed",
        told: `Commit ${short} is on no branch of a remote`,
        remedy: `Push it; ${off}.`,
      };
    }
    return { verdict: "passed", told: `clean, and commit ${short} is on ${remote}` };
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== "git-failed") throw error;
    return {
      verdict: "failed",
      told: error.message,
      remedy: `Deploy from a clone of the repository; ${off}, where there is none.`,
    };
  }
}
