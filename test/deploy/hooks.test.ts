import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { revision } from "../run/project.js";
import { configure, deployProject, index } from "./project.js";

const note = 'echo "$ALUDEL_HOOK $ALUDEL_ENVIRONMENT $ALUDEL_REVISIONS" >> said.txt';
const hooks = { before: note, after: note, failed: note };

test("commands run before and after a deploy that has something to do", async () => {
  const project = await deployProject("sqlite", [index], { hooks });
  const said = join(project.folder, "said.txt");
  expect((await project.run("deploy --env production --only preflight")).exit).toBe(0);
  expect(existsSync(said)).toBe(false);
  expect((await project.run("deploy --env production")).exit).toBe(0);
  expect(readFileSync(said, "utf8")).toBe("before production bbbb\nafter production bbbb\n");
  expect((await project.run("deploy --env production")).exit).toBe(0);
  expect(readFileSync(said, "utf8")).toBe("before production bbbb\nafter production bbbb\n");
});

test("where the command before fails nothing is changed, and its last words are told", async () => {
  const before = "echo the workers would not stop; exit 3";
  const project = await deployProject("sqlite", [index], { hooks: { ...hooks, before } });
  const { exit, answer } = await project.json("deploy --env production");
  expect(exit).toBe(2);
  expect(answer).toMatchObject({
    error: {
      code: "hook-failed",
      data: { environment: "production", hook: "before", code: 3 },
      details: expect.arrayContaining(["the workers would not stop"]),
    },
  });
  expect(await project.rows()).toEqual(["aaaa"]);
  expect(readFileSync(join(project.folder, "said.txt"), "utf8")).toBe("failed production bbbb\n");
});

test("a deploy that fails runs the command for that, and tells its own error though that fails, too", async () => {
  const wrong = revision({
    id: "cccc",
    revises: "bbbb",
    up: 'await op.execute("INSERT INTO nowhere VALUES (1)");',
  });
  const project = await deployProject("sqlite", [index], { hooks: { failed: `${note}; exit 1` } });
  project.write("revisions/cccc.ts", wrong);
  const { exit, stderr } = await project.run("deploy --env production");
  expect(exit).toBe(2);
  expect(stderr).toContain("nowhere");
  expect(stderr).toContain("The command `failed` of production ended with 1");
  expect(readFileSync(join(project.folder, "said.txt"), "utf8")).toBe("failed production bbbb cccc\n");
});

test("an environment that wants an approval runs nothing without one", async () => {
  const project = await deployProject("sqlite", [index], {});
  configure(project, { approve: true });
  for (const command of ["upgrade", "deploy"]) {
    const { exit, answer } = await project.json(`${command} --env production`);
    expect(exit, command).toBe(2);
    expect(answer, command).toMatchObject({ error: { code: "approval-required" } });
  }
  expect(await project.rows()).toEqual(["aaaa"]);
  const { answer } = await project.json("plan --env production");
  expect((await project.run(`deploy --env production --approve ${String(answer["token"])}`)).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
  // Nothing is left that could be approved.
  expect((await project.run("upgrade --env production")).exit).toBe(0);
});
