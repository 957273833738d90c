import { expect, test } from "vitest";
import { revision } from "../run/project.js";
import { configure, deployProject, index } from "./project.js";

const deploys = "SELECT result, stopped_in, revisions, error FROM aludel_deploy ORDER BY id";

test("a deploy looks, upgrades, looks again and writes down what it did", async () => {
  const project = await deployProject("sqlite", [index], { protected: true });
  const dry = await project.json("deploy --env production --dry-run");
  expect(dry).toMatchObject({
    exit: 0,
    answer: { dryRun: true, plan: { revisions: [{ revision: "bbbb" }] } },
  });
  expect(await project.rows()).toEqual(["aaaa"]);
  const { exit, answer } = await project.json("deploy --env production");
  expect(exit).toBe(0);
  expect(answer).toMatchObject({
    environment: "production",
    executed: [{ revision: "bbbb", statements: 1 }],
    backup: null,
    smoke: null,
    deploy: 1,
  });
  expect(await project.rows()).toEqual(["bbbb"]);
  // There is nothing more to do, and it is looked at all the same.
  expect(await project.json("deploy --env production")).toMatchObject({
    exit: 0,
    answer: { executed: [], deploy: 2 },
  });
  const [one] = await project.query(deploys);
  expect(one).toMatchObject({ result: "succeeded", stopped_in: null, error: null });
  expect(JSON.parse(String(one?.["revisions"]))).toMatchObject([{ id: "bbbb" }]);
  // Its own table is no drift.
  expect((await project.run("drift --env production")).exit).toBe(0);
});

test("every part can be made alone", async () => {
  const project = await deployProject("sqlite", [index], { smoke: [{ query: "SELECT 1" }] });
  for (const part of ["preflight", "backup", "verify", "smoke"]) {
    expect((await project.run(`deploy --env production --only ${part}`)).exit, part).toBe(0);
    expect(await project.rows(), part).toEqual(["aaaa"]);
  }
  expect((await project.run("deploy --env production --only upgrade")).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
  await project.execute("DROP INDEX ix_name");
  const { exit, answer } = await project.json("deploy --env production --only verify");
  expect(exit).toBe(1);
  expect(answer).toMatchObject({
    error: { code: "deploy-unverified", data: { differences: [expect.stringContaining("ix_name")] } },
  });
});

const wrong = {
  id: "cccc",
  revises: "bbbb",
  up: 'await op.execute("INSERT INTO nowhere VALUES (1)");',
};

test("a revision that fails says what was applied and which way is right, and the next deploy goes on", async () => {
  const project = await deployProject("sqlite", [index, wrong]);
  const { exit, answer } = await project.json("deploy --env production");
  expect(exit).toBe(2);
  expect(answer).toMatchObject({
    error: {
      code: "upgrade-failed",
      data: { part: "upgrade", applied: ["bbbb"], halfDone: null, wayBack: { kind: "application" } },
    },
  });
  expect(await project.rows()).toEqual(["bbbb"]);
  expect(await project.query(deploys)).toMatchObject([{ result: "failed", stopped_in: "upgrade" }]);
  project.write("revisions/cccc.ts", revision({ ...wrong, up: "" }));
  expect((await project.run("deploy --env production")).exit).toBe(0);
  expect(await project.rows()).toEqual(["cccc"]);
});

test("what was applied is taken back where nothing is lost by it, and only there", async () => {
  const project = await deployProject("sqlite", [index, wrong]);
  const { answer } = await project.json("deploy --env production --on-failure downgrade");
  expect(answer).toMatchObject({ error: { data: { part: "upgrade", takenBack: true } } });
  expect(await project.rows()).toEqual(["aaaa"]);

  // A column takes with it what was written into it meanwhile.
  const up = 'await op.addColumn("persons", "email", t.text());';
  const down = 'await op.dropColumn("persons", "email");';
  project.write("revisions/bbbb.ts", revision({ ...index, up, down }));
  const kept = await project.json("deploy --env production --on-failure downgrade");
  expect(kept.answer).toMatchObject({ error: { data: { takenBack: false, applied: ["bbbb"] } } });
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("what destroys needs a word, and its way back is the backup", async () => {
  const drop = { ...index, up: 'await op.dropColumn("persons", "name");', down: null };
  const project = await deployProject("sqlite", [drop, wrong], { protected: true });
  const refusal = await project.json("deploy --env production");
  expect(refusal).toMatchObject({ exit: 2, answer: { error: { code: "environment-protected" } } });
  const other = await project.json("deploy --env production --approve 0123456789abcdef");
  expect(other).toMatchObject({ exit: 2, answer: { error: { code: "plan-changed" } } });
  expect(await project.rows()).toEqual(["aaaa"]);
  const { answer } = await project.json("deploy --env production --confirm production");
  expect(answer).toMatchObject({ error: { data: { applied: ["bbbb"], wayBack: { kind: "restore" } } } });
});

test("--phase expand stops before the first contract", async () => {
  const project = await deployProject("sqlite", [
    index,
    { id: "bbb2", revises: "bbbb", up: 'await op.addColumn("persons", "note", t.text());', down: "" },
    { id: "cccc", revises: "bbb2", up: 'await op.dropTable("persons");', down: null },
  ]);
  expect(await project.run("deploy --env production --phase expand")).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["bbb2"]);
  const again = await project.run("deploy --env production --phase expand");
  expect(again).toMatchObject({ exit: 0 });
  expect(again.stdout).toContain("nothing to do before the first contract");
  expect(await project.rows()).toEqual(["bbb2"]);
  configure(project, {});
});

test("a database in this process is deployed to like any other", { timeout: 60_000 }, async () => {
  const project = await deployProject("pglite", [index], { smoke: [{ query: "SELECT 1" }] });
  const { exit, answer } = await project.json("deploy --env production");
  expect(answer).toMatchObject({ executed: [{ revision: "bbbb" }], smoke: { passed: true } });
  expect(exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
});
