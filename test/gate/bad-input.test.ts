import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../cli/git.js";
import { aludel } from "../cli/run.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeRepository, persons } from "./repository.js";

const ci = async (folder: string, ...words: readonly string[]) => {
  const { exit, stdout, stderr } = await aludel(folder, ["ci", ...words]);
  return { exit, text: stdout + stderr };
};

describe("no answer is no yes", () => {
  test("no repository of git", async () => {
    const { folder } = await makeRepository();
    rmSync(join(folder, ".git"), { recursive: true });
    const { exit, text } = await ci(folder);
    expect([exit, text]).toEqual([2, expect.stringContaining("error[git-failed]")]);
  });

  test("a base that is not there", async () => {
    const { folder } = await makeRepository();
    const { exit, text } = await ci(folder, "--base", "origin/nowhere");
    expect([exit, text]).toEqual([2, expect.stringContaining("git knows no commit origin/nowhere")]);
  });

  test("a shallow clone that ends above the base", async () => {
    const repository = await makeRepository();
    for (const branch of ["main", "change"]) {
      repository.git("checkout", "-q", branch);
      repository.write(`${branch}.txt`, branch);
      repository.commit(branch);
    }
    const clone = temporaryFolder();
    git(clone, "clone", "-q", "--depth", "1", "--no-single-branch", `file://${repository.folder}`, "app");
    const { exit, text } = await ci(join(clone, "app"), "--base", "origin/main");
    expect(exit).toBe(2);
    expect(text).toContain("HEAD and origin/main have no commit in common in this shallow clone");
    expect(text).toContain("git fetch --unshallow");
  });

  test("a detached head is held against the base as any other", async () => {
    const repository = await makeRepository();
    repository.git("checkout", "-q", "--detach");
    expect(await repository.gate("--base", "main")).toMatchObject({ exit: 0, found: {} });
    repository.write("models.ts", persons.replace("email: text(),", "email: text(),\n  phone: text(),"));
    repository.commit("phone numbers");
    expect((await repository.gate("--base", "main")).found["guard"]).toEqual([
      "models.ts:7 revision-missing",
    ]);
  });

  test("models that throw at the base and not here", async () => {
    const repository = await makeRepository();
    repository.git("checkout", "-q", "main");
    repository.write("models.ts", `throw new Error("not today");\n${persons}`);
    repository.commit("broken");
    repository.git("checkout", "-q", "-B", "change");
    repository.write("models.ts", persons);
    repository.commit("mended");
    const gate = await repository.gate();
    expect([gate.exit, gate.clean, gate.found]).toEqual([2, false, { guard: ["models-unloadable"] }]);
    const { text } = await ci(repository.folder);
    expect(text).toContain("not today");
    expect(text).toContain("It cannot be told whether this may be merged: no answer of guard.");
  });

  test("a base that had no project yet: all revisions are new", async () => {
    const repository = await makeRepository();
    repository.git("checkout", "-q", "--orphan", "empty");
    repository.git("rm", "-rqf", "--cached", ".");
    repository.git("commit", "-q", "--allow-empty", "-m", "nothing");
    repository.git("checkout", "-q", "-f", "-b", "first");
    repository.git("checkout", "-q", "main", "--", ".");
    repository.commit("the application");
    expect(await repository.gate("--base", "empty")).toMatchObject({ exit: 0, found: {} });
  });
});
