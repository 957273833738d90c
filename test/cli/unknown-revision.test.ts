import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { revisions, type TestProject, testProject } from "../run/project.js";
import { commit, git } from "./git.js";

const first = { id: "aaaa", up: "", down: "" };
const second = { id: "bbbb", revises: "aaaa", up: "", down: "" };

/** main has aaaa, the branch `add email` has bbbb and a child of it, and the database is at bbbb. */
async function switched(branch = "add-email"): Promise<TestProject> {
  const project = await testProject("sqlite", revisions(first));
  project.write(".gitignore", "*.db*\n_*\n");
  git(project.folder, "init", "-q", "-b", "main");
  commit(project.folder, "base");
  git(project.folder, "checkout", "-q", "-b", branch);
  for (const [name, text] of Object.entries(revisions(first, second))) project.write(name, text);
  commit(project.folder, "add email");
  expect((await project.run("upgrade")).exit).toBe(0);
  const third = { id: "cccc", revises: "bbbb", up: "", down: "" };
  for (const [name, text] of Object.entries(revisions(first, second, third))) project.write(name, text);
  commit(project.folder, "names bbbb as its parent");
  git(project.folder, "checkout", "-q", "main");
  return project;
}

describe("a database at a revision of another branch", () => {
  test.each(["upgrade", "downgrade base", "stamp aaaa", "history -i"])("%s", async (words) => {
    const project = await switched();
    const { exit, stderr } = await project.run(words);
    const id = git(project.folder, "rev-parse", "--short", "add-email~1").trim();
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[database-revision-unknown]")]);
    expect(stderr).toContain(`Commit ${id} of add-email (`);
    expect(stderr).toContain('"add email") has it: revisions/');
    expect(stderr).not.toContain("as its parent");
    expect(stderr).toContain("`git switch add-email && aludel downgrade -1`");
    expect(stderr).toContain("`git merge add-email`");
    expect((await project.run("upgrade --json")).stdout).toContain(`"commit": "${id}"`);
    git(project.folder, "checkout", "-q", "add-email");
    expect((await project.run("downgrade -1")).exit).toBe(0);
    git(project.folder, "checkout", "-q", "main");
    expect((await project.run("upgrade")).exit).toBe(0);
  });

  test("current says it, too", async () => {
    const project = await switched("naïve-ü");
    const { stdout, stderr } = await project.run("current");
    expect(stdout).toContain("bbbb  not in the revisions folder");
    expect(stderr).toContain("of naïve-ü (");
    expect((await project.run("upgrade")).stderr).toContain("git switch 'naïve-ü' &&");
  });

  test("a branch of a remote is looked at without one of one's own", async () => {
    const project = await switched();
    git(project.folder, "update-ref", "refs/remotes/origin/add-email", "add-email");
    git(project.folder, "branch", "-q", "-D", "add-email");
    const { stderr } = await project.run("upgrade");
    expect(stderr).toContain("`git switch --detach origin/add-email && aludel downgrade -1`");
  });

  test("a file that was deleted is brought back", async () => {
    const project = await switched();
    git(project.folder, "merge", "-q", "add-email");
    git(project.folder, "branch", "-q", "-D", "add-email");
    git(project.folder, "rm", "-q", "revisions/bbbb.ts");
    git(project.folder, "rm", "-q", "revisions/cccc.ts");
    commit(project.folder, "gone");
    const { stderr } = await project.run("upgrade");
    expect(stderr).toMatch(/Commit \w+ of main \(.*"gone"\) removed it/);
    const restore = /`git (restore \S+ -- \S+)`/.exec(stderr)?.[1] ?? "";
    git(project.folder, ...restore.split(" "));
    expect((await project.run("upgrade")).exit).toBe(0);
  });

  test("outside a repository, and where no branch has it, the error is as it was", async () => {
    const project = await switched();
    git(project.folder, "branch", "-q", "-D", "add-email");
    const unknown = "check out the files that have this revision";
    expect((await project.run("upgrade")).stderr).toContain(unknown);
    rmSync(join(project.folder, ".git"), { recursive: true });
    const { stderr } = await project.run("upgrade");
    expect(stderr).toContain(unknown);
    expect(stderr).not.toContain("fatal");
  });
});
