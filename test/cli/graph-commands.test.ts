import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { branched, linear } from "./revisions.js";
import { aludel } from "./run.js";

describe("history", () => {
  test("is newest first, a line each", async () => {
    const { exit, stdout, stderr } = await aludel(temporaryFolder(branched), ["history"]);
    expect(stdout).toBe(
      [
        "bbbb -> dddd (two) (head), fourth",
        "bbbb -> cccc (one) (head), third",
        "aaaa -> bbbb (branchpoint), second, naïve ü",
        "<base> -> aaaa, first",
        "",
      ].join("\n"),
    );
    expect([exit, stderr]).toEqual([0, ""]);
  });

  test.each([
    ["bbbb:cccc", "cccc bbbb"],
    ["base:bbbb", "bbbb aaaa"],
    [":aaaa", "aaaa"],
    ["bbb:one@head", "cccc bbbb"],
  ])("-r %s", async (range, expected) => {
    const { stdout } = await aludel(temporaryFolder(branched), ["history", "--json", "-r", range]);
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id).join(" ")).toBe(expected);
  });

  test("-v tells all", async () => {
    const { stdout } = await aludel(temporaryFolder(branched), ["history", "-v", "-r", "two:two"]);
    expect(stdout).toBe(
      [
        "Revision: dddd (two) (head)",
        "Revises: bbbb",
        "Depends on: cccc",
        "Created: 2026-11-21T05:30:00.000Z",
        "File: revisions/4_d.ts",
        "",
        "    fourth",
        "",
      ].join("\n"),
    );
  });

  test("works from a folder below, and with --config from anywhere", async () => {
    const folder = temporaryFolder({ ...linear, "src/deep/x.ts": "" });
    expect((await aludel(join(folder, "src/deep"), ["history"])).stdout).toContain("aaaa");
    expect((await aludel("/", ["history", "--config", join(folder, "aludel.config.json")])).stdout).toContain(
      "aaaa",
    );
  });

  test("is coloured on a terminal, and not when NO_COLOR or --no-color says so", async () => {
    const folder = temporaryFolder(linear);
    const colour = "\u001b[";
    expect((await aludel(folder, ["history"], { answers: [] })).stdout).toContain(colour);
    expect((await aludel(folder, ["history", "--no-color"], { answers: [] })).stdout).not.toContain(colour);
    expect(
      (await aludel(folder, ["history"], { answers: [], variables: { NO_COLOR: "1" } })).stdout,
    ).not.toContain(colour);
  });

  test("of nothing is empty, and says so beside the answer", async () => {
    const folder = temporaryFolder({ "aludel.config.json": "{}" });
    expect(await aludel(folder, ["history"])).toEqual({
      exit: 0,
      stdout: "",
      stderr: "there are no revisions\n",
    });
    expect(await aludel(folder, ["history", "--json", "-q"])).toEqual({
      exit: 0,
      stdout: "[]\n",
      stderr: "",
    });
  });
});

describe("heads, branches and show", () => {
  test("heads", async () => {
    const folder = temporaryFolder(branched);
    expect((await aludel(folder, ["heads"])).stdout).toBe("cccc (one) (head)\ndddd (two) (head)\n");
    const resolved = await aludel(folder, ["heads", "--resolve-dependencies"]);
    expect(resolved.stdout).toBe("dddd (two) (head)\n");
    expect(JSON.parse((await aludel(folder, ["heads", "--json"])).stdout)).toMatchObject([
      { id: "cccc", revises: ["bbbb"], labels: ["one"], head: true, file: join(folder, "revisions/3_c.ts") },
      { id: "dddd", dependsOn: ["cccc"], createdAt: "2026-11-21T05:30:00.000Z" },
    ]);
  });

  test("branches", async () => {
    expect((await aludel(temporaryFolder(branched), ["branches"])).stdout).toBe(
      [
        "aaaa -> bbbb (branchpoint), second, naïve ü",
        "  bbbb -> cccc (one) (head), third",
        "  bbbb -> dddd (two) (head), fourth",
        "",
      ].join("\n"),
    );
    expect(await aludel(temporaryFolder(linear), ["branches"])).toEqual({
      exit: 0,
      stdout: "",
      stderr: "there are no branches\n",
    });
  });

  test.each([
    ["one", "cccc"],
    ["heads", "dddd"],
    ["two@head-1", "bbbb"],
    ["aaa", "aaaa"],
    ["nope", ""],
    ["base", ""],
  ])("show %s", async (target, expected) => {
    const { stdout, exit } = await aludel(temporaryFolder(branched), ["show", target, "--json"]);
    const answer = JSON.parse(stdout) as { id: string }[] | { error: unknown };
    if (exit === 0) expect((answer as { id: string }[]).map(({ id }) => id).join(" ")).toBe(expected);
    else expect(answer).toMatchObject({ error: { code: "revision-unknown" } });
  });

  test("an unknown revision is exit 2 with the one that was meant", async () => {
    const { exit, stderr } = await aludel(temporaryFolder(branched), ["show", "ccccc"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("Did you mean cccc")]);
  });
});

describe("edit", () => {
  test("runs the editor's command line on the file", async () => {
    const folder = temporaryFolder(linear);
    const script = join(folder, "it's an editor.sh");
    writeFileSync(script, '#!/bin/sh\necho "$1" > "$2.edited"\n', { mode: 0o755 });
    const { exit } = await aludel(folder, ["edit", "head"], { variables: { EDITOR: `"${script}" --wait` } });
    expect(exit).toBe(0);
    expect(readFileSync(join(folder, "revisions/2_b.ts.edited"), "utf8")).toBe("--wait\n");
  });

  test.each([
    [{}, 1, "question-unanswered"],
    [{ EDITOR: "false" }, 2, "usage"],
  ])("%j", async (variables, exit, code) => {
    const result = await aludel(temporaryFolder(linear), ["edit"], { variables });
    expect([result.exit, result.stderr]).toEqual([exit, expect.stringContaining(code)]);
  });
});
