import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { revision, type TestProject, testProject } from "../run/project.js";
import { commit, git } from "./git.js";

const text = (id: string, revises: string | string[] | null, more = "") =>
  revision({
    id,
    revises,
    more,
    message: id,
    up: `await op.createTable("t_${id}", { id: t.integer() });`,
    down: `await op.dropTable("t_${id}");`,
  });

/** core: aaaa → cccc; billing: bbbb, which revises aaaa, and dddd, which depends on bbbb's label and revises cccc. */
async function folders(more: Readonly<Record<string, unknown>> = {}): Promise<TestProject> {
  const project = await testProject("sqlite", {
    "core/aaaa.ts": text("aaaa", null),
    "core/cccc.ts": text("cccc", "aaaa"),
    "billing/bbbb.ts": text("bbbb", "aaaa", 'labels: ["billing"],'),
  });
  const config = { environments: { dev: "sqlite:dev.db" }, revisions: ["core", "./billing"], ...more };
  project.write("aludel.config.json", JSON.stringify(config));
  return project;
}

const files = (project: TestProject, folder: string) => readdirSync(join(project.folder, folder)).sort();

describe("several folders of revisions", () => {
  test("are one graph for every command that reads it", async () => {
    const project = await folders();
    expect((await project.run("heads")).stdout).toBe("cccc (head)\nbbbb (billing) (head)\n");
    expect((await project.run("branches")).stdout).toContain("aaaa -> bbbb (billing) (head), bbbb");
    expect((await project.run("history")).stdout.split("\n")).toHaveLength(4);
    expect((await project.run("show billing")).stdout).toContain("File: billing/bbbb.ts");
    expect((await project.run("validate --json")).stdout).toContain('"files": 3');
    expect((await project.run("conflicts")).stdout).toContain("2 heads:");
    expect((await project.run("upgrade heads")).exit).toBe(0);
    expect(await project.rows()).toEqual(["bbbb", "cccc"]);
    expect((await project.run("current -v")).stdout).toContain(join("billing", "bbbb.ts"));
    expect((await project.run("downgrade base")).exit).toBe(0);
    expect((await project.run("stamp heads")).exit).toBe(0);
    expect((await project.run("upgrade :heads --sql")).stdout).toContain("t_bbbb");
  });

  test("an id in two of them is an error that names both files", async () => {
    const project = await folders();
    project.write("billing/again.ts", text("cccc", "bbbb"));
    for (const line of ["heads", "upgrade heads", "validate"]) {
      const { stdout, stderr } = await project.run(line);
      expect(stdout + stderr).toContain("revision-duplicate");
      expect(stdout + stderr).toMatch(/core.cccc\.ts/);
      expect(stdout + stderr).toMatch(/billing.again\.ts/);
    }
  });

  test("a new revision is written beside its first parent, or where --version-path says", async () => {
    const project = await folders({ fileName: "{id}" });
    expect((await project.run("revision -m x --rev-id b2b2 --head billing")).exit).toBe(0);
    expect(files(project, "billing")).toEqual(["b2b2.ts", "bbbb.ts"]);
    const elsewhere = "revision -m x --rev-id b3b3 --head b2b2 --version-path core";
    expect((await project.run(elsewhere)).exit).toBe(0);
    expect(files(project, "core")).toEqual(["aaaa.ts", "b3b3.ts", "cccc.ts"]);
    expect((await project.run("merge --rev-id mmmm --no-verify")).exit).toBe(0);
    expect(files(project, "core")).toContain("mmmm.ts");
  });

  test("a path that is none of them is refused, as is a new base without one", async () => {
    const project = await folders({ fileName: "{id}" });
    mkdirSync(join(project.folder, "other"));
    const { exit, stderr } = await project.run("revision -m x --head cccc --version-path other");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("other is no folder of revisions")]);
    expect(stderr).toContain("billing");
    const base = await project.run("revision -m x --head base");
    expect([base.exit, base.stderr]).toEqual([2, expect.stringContaining("--version-path FOLDER")]);
    const said = await project.run("revision -m x --head base --rev-id zzzz --version-path ./billing/");
    expect([said.exit, files(project, "billing")]).toEqual([0, ["bbbb.ts", "zzzz.ts"]]);
  });

  test("each has its own aludel.sum", async () => {
    const project = await folders({ sum: true });
    expect((await project.run("validate --fix-sum")).exit).toBe(0);
    const sum = (folder: string) => readFileSync(join(project.folder, folder, "aludel.sum"), "utf8");
    expect(sum("core")).toContain("cccc sha256:");
    expect(sum("billing")).toMatch(/^sum .*\nbbbb .*\n$/);
    project.write("billing/bbbb.ts", text("bbbb", "aaaa", "// changed"));
    expect((await project.run("upgrade heads")).stderr).toContain("error[sum-mismatch]");
  });

  test("git is asked about all of them", async () => {
    const project = await folders();
    project.write(".gitignore", "*.db*\n");
    git(project.folder, "init", "-q", "-b", "main");
    commit(project.folder, "base");
    git(project.folder, "checkout", "-q", "-b", "mine");
    project.write("billing/eeee.ts", text("eeee", "bbbb"));
    commit(project.folder, "eeee");
    const { stdout } = await project.run("conflicts --base main --json");
    expect(JSON.parse(stdout)).toMatchObject({ base: { newHere: [{ id: "eeee" }], newThere: [] } });
    await project.run("upgrade eeee");
    git(project.folder, "checkout", "-q", "main");
    expect((await project.run("current")).stderr).toMatch(/of mine .* has it: billing\/eeee\.ts/);
  });

  test("squashed revisions of two folders are kept, and a database in the middle of them goes on", async () => {
    const project = await folders({ fileName: "{slug}" });
    project.remove("core/cccc.ts");
    project.write("core/bbbb.ts", text("cccc", "bbbb"));
    await project.run("upgrade bbbb");
    const { exit, stderr } = await project.run("squash aaaa:cccc -m all");
    expect([exit, stderr]).toEqual([0, expect.anything()]);
    expect(files(project, "core/_squashed/cccc")).toEqual(["aaaa.ts", "bbbb_bbbb.ts", "cccc_bbbb.ts"]);
    expect(files(project, "billing")).toEqual([]);
    expect((await project.run("upgrade")).exit).toBe(0);
    expect(await project.rows()).toEqual(["cccc"]);
  });
});
