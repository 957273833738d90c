import { truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commit, git } from "../cli/git.js";
import { configure, deployProject, index, preflight, refused } from "./project.js";

test("a protected environment has to be named", async () => {
  const project = await deployProject("sqlite", [index], { protected: true });
  expect(await refused(project, "deploy")).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
  expect((await preflight(project))["environment"]).toMatchObject({ verdict: "passed" });
});

test("what is not committed, or not pushed, is not deployed", async () => {
  const project = await deployProject("sqlite", [index]);
  const checked = async () => (await preflight(project))["git"];
  configure(project, { preflight: {} });
  expect(await checked()).toMatchObject({ verdict: "failed", told: expect.stringContaining("git") });
  git(project.folder, "init", "-q", "-b", "main");
  project.write(".gitignore", "*.db\norigin.git\nremote\n");
  commit(project.folder, "all");
  expect(await checked()).toMatchObject({
    verdict: "failed",
    told: expect.stringContaining("no branch of a remote"),
  });
  git(project.folder, "init", "-q", "--bare", "remote");
  git(project.folder, "remote", "add", "origin", "./remote");
  git(project.folder, "push", "-q", "origin", "main");
  expect(await checked()).toMatchObject({ verdict: "passed", told: expect.stringContaining("origin/main") });
  project.write("revisions/notes.txt", "changed");
  expect(await checked()).toMatchObject({ verdict: "failed", details: ["?? revisions/notes.txt"] });
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
});

test("files that are not those of aludel.sum are not deployed", async () => {
  const project = await deployProject("sqlite", [index]);
  configure(project, {}, { sum: true });
  expect((await preflight(project))["sums"]).toMatchObject({ verdict: "failed" });
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
});

test("a database that somebody has changed by hand is not deployed to", async () => {
  const project = await deployProject("sqlite", [index]);
  await project.execute("ALTER TABLE persons ADD COLUMN extra text");
  const { drift } = await preflight(project);
  expect(drift).toMatchObject({ verdict: "failed", details: [expect.stringContaining("extra")] });
  const { exit, error } = await refused(project);
  expect(exit).toBe(1);
  expect(error.data).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ name: "drift" })]),
  });
  configure(project, {}, { ci: { allowedDrift: [{ match: "extra", reason: "goes in June" }] } });
  expect((await preflight(project))["drift"]).toMatchObject({ verdict: "passed" });
});

test("a volume without room is told before it is full", async () => {
  const project = await deployProject("sqlite", [index]);
  // A file with a hole takes up no room, and has a size all the same.
  truncateSync(join(project.folder, "dev.db"), 2 ** 42);
  expect((await preflight(project))["room"]).toMatchObject({ verdict: "failed" });
  expect(await refused(project)).toMatchObject({ exit: 1 });
});
