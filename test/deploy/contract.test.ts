import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { versionsIn } from "../../src/deploy/contract/versions.js";
import { revision } from "../run/project.js";
import { configure, deployProject, preflight, refused } from "./project.js";

const add = {
  id: "bbbb",
  revises: "aaaa",
  up: 'await op.addColumn("persons", "full_name", t.text());',
  down: 'await op.dropColumn("persons", "full_name");',
};
const drop = {
  id: "cccc",
  revises: "bbbb",
  message: "drop name",
  more: 'waitsFor: "app@1.42",',
  up: 'await op.dropColumn("persons", "name");',
  down: null,
};

/** A server that reports versions, which may be changed. */
async function reporting(): Promise<{ readonly url: string; answer: unknown }> {
  const state = { url: "", answer: {} as unknown };
  const server = createServer((_, response) => void response.end(JSON.stringify(state.answer)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  state.url = `http://me:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/versions?key=hunter2`;
  return state;
}

test("a contract is refused until the version that it waits for is confirmed, and what comes before it is not", async () => {
  const project = await deployProject("sqlite", [add, drop]);
  const first = await refused(project);
  expect(first).toMatchObject({ exit: 1, error: { code: "contract-unconfirmed" } });
  expect(first.error.message).toContain("cccc waits for app@1.42");
  expect((first.error as unknown as { remedy: string }).remedy).toMatch(
    /aludel confirm app@1\.42 --env production .*aludel deploy --env production --phase expand/,
  );
  expect((await project.run("deploy --env production --phase expand")).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
  // One part alone is refused, too.
  expect((await refused(project, "deploy --env production --only upgrade")).error.code).toBe(
    "contract-unconfirmed",
  );

  expect((await project.run("confirm app@1.41.9 other@7 --env production")).exit).toBe(0);
  const { contract } = await preflight(project);
  expect(contract?.details?.join()).toMatch(
    /app@1\.42: nobody has confirmed it; only app@1\.41\.9 was confirmed, by \S+ on /,
  );
  expect((await project.run("confirm app@1.43.0 --env production")).exit).toBe(0);
  expect((await project.run("confirm --withdraw app --env production")).exit).toBe(0);
  expect((await refused(project)).error.code).toBe("contract-unconfirmed");
  const list = await project.json("confirm --list --env production");
  expect(list.answer).toMatchObject([
    { application: "app", version: null },
    { application: "other", version: "7" },
  ]);
  expect(await project.json("confirm --withdraw app@9 --env production")).toMatchObject({ exit: 2 });
  expect(await project.json("confirm app --env production")).toMatchObject({ exit: 2 });

  expect((await project.run("confirm app@1.43.0 --env production")).exit).toBe(0);
  expect(await project.json("deploy --env production")).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["cccc"]);
  // Nothing that was said is gone.
  const said = await project.query(
    "SELECT name, value FROM aludel_state WHERE kind = 'confirmation' ORDER BY id",
  );
  expect(said.map(({ name, value }) => `${name} ${value}`)).toEqual([
    ...["app 1.41.9", "other 7", "app 1.43.0", "app null", "app 1.43.0"],
  ]);
});

test("who deploys may say it, and it is kept", async () => {
  const project = await deployProject("sqlite", [add, drop]);
  expect((await refused(project, "deploy --env production --confirmed app@1.41")).exit).toBe(1);
  expect((await project.run("deploy --env production --confirmed nonsense")).exit).toBe(2);
  expect((await project.run("deploy --env production --confirmed app@1.42")).exit).toBe(0);
  expect((await project.run("confirm --list --env production")).stdout).toContain("app@1.42: confirmed by ");
});

test("what runs counts more than what somebody has said", async () => {
  const project = await deployProject("sqlite", [add, drop]);
  const server = await reporting();
  configure(project, { versions: server.url });
  server.answer = [{ app: "1.42.0" }, { app: "1.41.9" }, { worker: "3" }];
  expect((await project.run("confirm app@1.42 --env production")).exit).toBe(0);
  const { contract } = await preflight(project);
  expect(contract).toMatchObject({ verdict: "failed" });
  expect(contract?.details?.join()).toMatch(
    /app@1\.42: 1 of 2 instances still at 1\.41\.9, as http:\/\/127\.0\.0\.1:\d+\/versions\?key=\*\*\* says/,
  );
  expect(JSON.stringify(contract)).not.toContain("hunter2");
  server.answer = { app: ["1.42.0", "1.42.1"] };
  expect((await preflight(project))["contract"]?.told).toContain("all 2 at it");
  // Where nobody answers, what was said counts, and it is told that nobody answered.
  server.answer = "starting";
  expect((await preflight(project))["contract"]).toMatchObject({
    verdict: "passed",
    told: expect.stringContaining("does not answer with versions"),
  });
  expect(versionsIn([{ a: 1 }, { b: ["2"] }])).toEqual([
    { application: "a", version: "1" },
    { application: "b", version: "2" },
  ]);
  expect(versionsIn([1])).toBeNull();
});

test("what a contract does that waits for nothing is the environment's", async () => {
  const silent = { ...index("bbbb", 'await op.renameColumn("persons", "name", "label");') };
  const project = await deployProject("sqlite", [silent], { contract: "refuse" });
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "contract-unconfirmed" } });
  configure(project, { protected: true });
  expect(await refused(project)).toMatchObject({ exit: 2, error: { code: "environment-protected" } });
  configure(project, { contract: "ask" });
  expect(await refused(project)).toMatchObject({ exit: 2, error: { code: "environment-protected" } });
  expect((await project.run("deploy --env production --confirm production")).exit).toBe(0);
});

const index = (id: string, up: string) => ({ id, revises: "aaaa", up, down: null });

test("an upgrade of a protected environment is refused, too, and of another one it is not", async () => {
  const project = await deployProject("sqlite", [add, drop], { protected: true });
  expect(await refused(project, "upgrade --confirm production")).toMatchObject({
    exit: 1,
    error: { code: "contract-unconfirmed" },
  });
  configure(project, {});
  expect((await project.run("upgrade")).exit).toBe(0);
});

test("a new database has nothing that uses what goes", async () => {
  const project = await deployProject("sqlite", [add, drop], { protected: true });
  const production = { url: "sqlite:new.db", protected: true, preflight: { git: false } };
  configure(project, production);
  expect((await project.run("upgrade --env production --confirm production")).exit).toBe(0);
  expect((await project.run("current --env production")).stdout).toContain("cccc");
});

test("a revision that says expand and takes something away is told of, and runs where it says", async () => {
  const project = await deployProject("sqlite", [add, { ...drop, more: 'phase: "expand",' }]);
  const { answer } = await project.json("plan --env production");
  expect(answer).toMatchObject({
    revisions: [
      { phase: "expand" },
      { phase: "expand", findings: [expect.objectContaining({ rule: "phase-contradicted" })] },
    ],
  });
  const { exit, stderr } = await project.run("deploy --env production --phase expand");
  expect(exit).toBe(0);
  expect(stderr).toMatch(
    /cccc: The revision says "expand" of itself, and takes something away: .*phase-contradicted/,
  );
  expect(await project.rows()).toEqual(["cccc"]);
});

test("a phase and what is waited for are shown", async () => {
  const project = await deployProject("sqlite", [
    add,
    { ...drop, more: 'phase: "contract", waitsFor: ["app@1.42"],' },
  ]);
  expect((await project.run("history")).stdout).toMatch(
    /cccc \(head\) \(contract, waits for app@1\.42\), drop name/,
  );
  expect((await project.run("show cccc")).stdout).toMatch(/^Phase: contract\nWaits for: app@1\.42$/m);
  expect((await project.json("show cccc")).answer).toMatchObject([
    { phase: "contract", waitsFor: ["app@1.42"] },
  ]);
  expect((await project.run("plan")).stdout).toMatch(
    /cccc drop name {2}contract, waits for app@1\.42; no way back/,
  );
});

const fill = {
  id: "bbbb",
  revises: "aaaa",
  up: `await op.addColumn("persons", "full_name", t.text()); await op.commit();
  await op.backfill("persons", { set: { full_name: sql\`name\` }, where: sql\`full_name IS NULL AND name IS NOT NULL\` });`,
  down: 'await op.dropColumn("persons", "full_name");',
};

test.each(["sqlite", "postgres"] as const)(
  "on %s a contract is refused while its backfill is not done, or rows came after it",
  async (engine) => {
    const project = await deployProject(engine, [fill]);
    await project.execute("INSERT INTO persons VALUES (1, 'Ada'), (2, 'Grace')");
    expect((await project.run("deploy --env production")).exit).toBe(0);
    project.write("revisions/cccc.ts", revision({ ...drop, more: "" }));
    expect((await preflight(project))["backfills"]).toMatchObject({ verdict: "passed" });

    // Old code goes on writing.
    await project.execute("INSERT INTO persons VALUES (3, 'Edsger', NULL)");
    const late = await refused(project);
    expect(late).toMatchObject({ exit: 2, error: { code: "backfill-incomplete" } });
    expect((late.error as unknown as { details: string[] }).details.join()).toMatch(
      /persons: .*3.* still fit/,
    );
    await project.execute("DELETE FROM persons WHERE id = 3");

    // Somebody has stamped the revision over a backfill that was given up.
    await project.execute("UPDATE aludel_backfill SET state = 'cancelled'");
    expect(await refused(project)).toMatchObject({ exit: 2, error: { code: "backfill-incomplete" } });
    await project.execute("UPDATE aludel_backfill SET state = 'done'");
    expect((await project.run("deploy --env production")).exit).toBe(0);
    expect(await project.rows()).toEqual(["cccc"]);
  },
);
