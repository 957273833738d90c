import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { configure, deployProject, first, index } from "../deploy/project.js";
import { on, revisions, testProject } from "../run/project.js";
import { receiver } from "./receiver.js";

const wrong = { id: "bbbb", revises: "aaaa", up: 'await op.execute("INSERT INTO nowhere VALUES (1)");' };

test("a deploy tells of its start and its success, in this order, with a text for a chat", async () => {
  const [chat, own] = [await receiver(), await receiver()];
  const project = await deployProject("sqlite", [{ ...index, message: "an <index> & more" }], {
    smoke: [{ query: "SELECT 1" }],
    webhooks: [{ url: chat.url }],
  });
  configure(
    project,
    { smoke: [{ query: "SELECT 1" }], webhooks: [{ url: chat.url }] },
    { webhooks: [{ url: "$HOOK", on: "success", headers: { authorization: "$TOKEN" } }] },
  );
  chat.received.length = 0;
  const variables = { HOOK: own.url, TOKEN: "Bearer abc" };
  expect(await project.run("deploy", { variables })).toMatchObject({ exit: 0 });
  expect(chat.events()).toEqual(["start", "success"]);
  expect(own.events()).toEqual(["success"]);
  expect(own.received[0]?.headers).toMatchObject({
    authorization: "Bearer abc",
    "content-type": "application/json",
  });
  const [{ run }] = ((await project.json("history --runs")).answer as { runs: [{ run: string }] }).runs;
  expect(own.received[0]?.body).toMatchObject({
    text: expect.stringMatching(
      /^aludel deploy on production succeeded: 1 revision in .* bbbb an &lt;index&gt; &amp; more$/,
    ),
    run,
    command: "deploy",
    environment: "production",
    engine: "sqlite",
    revisions: [{ revision: "bbbb", message: "an <index> & more", direction: "upgrade" }],
    smoke: { passed: true, checks: 1 },
    deploy: 1,
    backup: null,
  });
});

test("a failure says in which part and why; who has nothing to do tells of nothing", async () => {
  const hook = await receiver();
  const project = await testProject("sqlite", revisions(first, wrong));
  configure(project, { webhooks: [{ url: hook.url }] });
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  expect(hook.events()).toEqual(["start", "success"]);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  expect((await project.run("upgrade --dry-run")).exit).toBe(0);
  expect(hook.events()).toHaveLength(2);
  expect((await project.run("deploy")).exit).toBe(2);
  expect(hook.events().slice(2)).toEqual(["start", "failure"]);
  expect(hook.received.at(-1)?.body).toMatchObject({
    text: expect.stringMatching(/^aludel deploy on production failed in upgrade: .*nowhere/),
    part: "upgrade",
    error: { code: "upgrade-failed", remedy: expect.any(String) },
  });
});

test("who gives way tells of a slow lock, once, and of who is in the way", async () => {
  const hook = await receiver();
  const up = 'await op.addColumn("persons", "email", t.text());';
  const project = await testProject("postgres", revisions(first, { id: "bbbb", revises: "aaaa", up }));
  configure(project, {
    timeouts: { lock: "1500ms", retries: 20 },
    webhooks: [{ url: hook.url, on: ["slow-lock"], slowLock: "10s" }],
  });
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT * FROM persons");
    const running = project.run("upgrade");
    await expect.poll(hook.events, { timeout: 10_000 }).toEqual(["slow-lock"]);
    await pause(2000);
    await other.run("ROLLBACK");
    expect((await running).exit).toBe(0);
  });
  expect(hook.events()).toEqual(["slow-lock"]);
  expect(hook.received[0]?.body).toMatchObject({ slowLock: { revision: "bbbb" } });
  expect(JSON.stringify(hook.received[0]?.body["slowLock"])).toMatch(/process \d+/);
});

test("who waits longer than is said tells of it while it waits, without any timeouts", async () => {
  const hook = await receiver();
  const up = 'await op.addColumn("persons", "email", t.text());';
  const project = await testProject("postgres", revisions(first, { id: "bbbb", revises: "aaaa", up }));
  configure(project, { webhooks: [{ url: hook.url, on: ["slow-lock"], slowLock: "300ms" }] });
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT * FROM persons");
    const running = project.run("upgrade");
    await expect.poll(hook.events, { timeout: 10_000 }).toEqual(["slow-lock"]);
    await other.run("ROLLBACK");
    expect((await running).exit).toBe(0);
  });
  const [last] = ((await project.json("history --runs")).answer as { runs: Record<string, unknown>[] }).runs;
  expect(last).toMatchObject({ revision: "bbbb", gaveWay: 0 });
  expect(Number(last?.["lockWaitMs"])).toBeGreaterThan(250);
});

test("what cannot be told is a warning that names no secret, and is tried again where that may help", async () => {
  const [busy, refusing, moved] = [
    await receiver((count) => (count === 1 ? 503 : 200)),
    await receiver(() => 403),
    await receiver(() => 307),
  ];
  const project = await testProject("sqlite", revisions(first));
  const on = "success";
  configure(project, {
    webhooks: [
      { url: busy.url, on },
      { url: refusing.url, on },
      { url: moved.url, on },
      { url: "http://127.0.0.1:9/services/tokenOfTheHook", on },
      { url: "$UNSET" },
      { url: "$WRONG" },
    ],
  });
  const { exit, stderr } = await project.run("upgrade", { variables: { WRONG: "tokenOfTheHook" } });
  expect(exit).toBe(0);
  expect(busy.events()).toEqual(["success", "success"]);
  expect(refusing.events()).toEqual(["success"]);
  expect(moved.events()).toEqual(["success"]);
  expect(stderr.split("\n").filter((line) => line.includes("webhooks"))).toEqual([
    "environments.production.webhooks[4] is not told: UNSET is not set",
    "environments.production.webhooks[5] is not told: its URL is none",
    "environments.production.webhooks[1] was not told of the success: it answered 403",
    "environments.production.webhooks[2] was not told of the success: it answered 307",
    expect.stringMatching(/webhooks\[3\] was not told of the success: it could not be/),
  ]);
  expect(stderr).not.toContain("tokenOfTheHook");
});

test("who does not answer holds up neither the lock nor the end", { timeout: 30_000 }, async () => {
  const silent = await receiver(() => null);
  const project = await testProject("sqlite", revisions(first, index));
  configure(project, { webhooks: [{ url: silent.url, timeout: "60s" }] });
  const began = performance.now();
  const running = project.run("upgrade aaaa");
  await expect.poll(silent.events, { timeout: 5000 }).toEqual(["start"]);
  configure(project, {});
  // The first one still waits; its lock is free.
  await expect.poll(() => project.rows().catch(() => []), { timeout: 4000 }).toEqual(["aaaa"]);
  expect((await project.run("upgrade --lock-timeout 0")).exit).toBe(0);
  const { exit, stderr } = await running;
  expect(exit).toBe(0);
  expect(performance.now() - began).toBeLessThan(9000);
  expect(stderr).toContain("was not told of the start: it did not answer in time");
});
