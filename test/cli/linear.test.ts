import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { revision, testProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { branched, linear } from "./revisions.js";
import { aludel } from "./run.js";

const dated = (id: string, revises: string | readonly string[] | null, hour: number) =>
  revision({ id, revises }).replace("2026-11-21T05", `2026-11-21T${String(hour).padStart(2, "0")}`);

/** aaaa (1 h) ← bbbb (4 h), aaaa ← cccc (2 h) ← dddd (3 h), merged by eeee (5 h). */
const crossed = {
  "revisions/1.ts": dated("aaaa", null, 1),
  "revisions/2.ts": dated("bbbb", "aaaa", 4),
  "revisions/3.ts": dated("cccc", "aaaa", 2),
  "revisions/4.ts": dated("dddd", "cccc", 3),
  "revisions/5.ts": dated("eeee", ["bbbb", "dddd"], 5),
};

describe("linear", () => {
  test("says yes to a line", async () => {
    expect(await aludel(temporaryFolder(linear), ["linear"])).toEqual({
      exit: 0,
      stdout: "The revisions stand in one line.\n",
      stderr: "",
    });
  });

  test("says what is in the way", async () => {
    const { exit, stdout } = await aludel(temporaryFolder(branched), ["linear"]);
    expect([exit, stdout]).toEqual([1, "There are 2 heads: cccc, dddd\nSeveral revise bbbb: cccc, dddd\n"]);
    const json = await aludel(temporaryFolder(branched), ["linear", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({
      linear: false,
      findings: [
        { kind: "heads", of: ["cccc", "dddd"], at: null },
        { kind: "branch-point", of: ["cccc", "dddd"], at: "bbbb" },
      ],
    });
  });

  test("--fix puts all into one line, the older first, and the database follows", async () => {
    const project = await testProject("sqlite", crossed);
    const { exit, stdout, stderr } = await project.run("linear --fix");
    expect([exit, stdout]).toEqual([
      0,
      [
        "bbbb revises dddd instead of aaaa: revisions/2.ts",
        "eeee revises bbbb instead of bbbb, dddd: revisions/5.ts",
        "",
      ].join("\n"),
    ]);
    expect(stderr).toContain("bbbb proved");
    expect((await project.run("linear")).exit).toBe(0);
    expect((await project.run("upgrade")).exit).toBe(0);
    expect(await project.rows()).toEqual(["eeee"]);
    expect((await project.run("linear --fix")).stdout).toBe("The revisions stand in one line.\n");
  });

  test.each(["bbbb", "dddd", "eeee"])(
    "a database that was at %s before gets the rest, each once",
    async (start) => {
      const project = await testProject("sqlite", crossed);
      await project.run(`upgrade ${start}`);
      expect((await project.run("linear --fix --allow-applied --no-verify")).exit).toBe(0);
      const { exit, stderr } = await project.run("upgrade");
      expect([exit, stderr]).toEqual([0, expect.any(String)]);
      expect(await project.rows()).toEqual(["eeee"]);
      const ran = (await project.log()).map((row) => String(row["revision"]));
      expect(ran.sort()).toEqual(["aaaa", "bbbb", "cccc", "dddd", "eeee"]);
    },
  );

  test("--fix refuses to move what is applied", async () => {
    const project = await testProject("sqlite", crossed);
    await project.run("upgrade bbbb");
    expect((await project.run("linear --fix")).stderr).toContain("error[revision-applied]");
  });

  test("dates that run backwards are moved only with --dates", async () => {
    const folder = temporaryFolder({
      "aludel.config.json": '{ "dialect": "sqlite" }',
      "revisions/20261121090000_revision_aaaa.ts": dated("aaaa", null, 9).replace(":30:", ":00:"),
      "revisions/20261121080000_revision_bbbb.ts": dated("bbbb", "aaaa", 8).replace(":30:", ":00:"),
    });
    expect(await aludel(folder, ["linear", "-q"])).toMatchObject({
      exit: 1,
      stdout: "bbbb was created before aaaa, which it revises\n",
    });
    expect((await aludel(folder, ["linear", "--fix"])).exit).toBe(1);
    expect((await aludel(folder, ["validate"])).exit).toBe(1);
    const { exit, stdout } = await aludel(folder, ["linear", "--fix", "--dates"]);
    expect([exit, stdout]).toEqual([
      0,
      expect.stringContaining("was revisions/20261121080000_revision_bbbb.ts"),
    ]);
    const [first, second = ""] = readdirSync(join(folder, "revisions")).sort();
    expect(first).toBe("20261121090000_revision_aaaa.ts");
    const [, time] = /^(\d{14})_revision_bbbb\.ts$/.exec(second) ?? [];
    const created = /Created: (\S+)/.exec(readFileSync(join(folder, "revisions", second), "utf8"))?.[1] ?? "";
    expect(created.replace(/[-:TZ]/g, "")).toBe(time);
    expect((await aludel(folder, ["validate"])).exit).toBe(0);
    expect((await aludel(folder, ["linear"])).exit).toBe(0);
  });
});

test('validate reports what history: "linear" does not want', async () => {
  const folder = temporaryFolder({
    ...crossed,
    "aludel.config.json": '{ "dialect": "sqlite", "history": "linear" }',
  });
  const { exit, stdout } = await aludel(folder, ["validate"]);
  expect(exit).toBe(1);
  expect(stdout).toContain("3.ts:12 error[history-linear] Revision cccc revises aaaa, as bbbb does");
  expect(stdout).toContain("5.ts:12 error[history-linear] Revision eeee merges bbbb and dddd");
});
