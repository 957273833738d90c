import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { WatchResult } from "../../src/deploy/smoke/watch.js";
import { configure, deployProject, index } from "./project.js";

/** Answers as `behave` says of the n-th request, from 1: after so many milliseconds, or with a failure. */
async function application(behave: (request: number) => number | "failed"): Promise<string> {
  let requests = 0;
  const server = createServer((_, response) => {
    const what = behave(++requests);
    if (what === "failed") return void response.writeHead(500).end();
    setTimeout(() => response.end("ok"), what);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

/** Three rounds before, one after the upgrade, then those that are watched. */
const isWatched = (request: number) => request > 4;

async function projectFor(behave: (request: number) => number | "failed", more: object = {}) {
  const project = await deployProject("sqlite", [index]);
  const watch = { every: "30ms", before: 3, ...more };
  configure(project, { smoke: [{ http: await application(behave) }, { query: "SELECT 1" }], watch });
  return project;
}

const deploys = "SELECT result, stopped_in, smoke FROM aludel_deploy";

test("after a deploy the checks are repeated, and held against those from before", async () => {
  const project = await projectFor(() => 0);
  const { exit, stdout } = await project.run("deploy --env production --watch 300ms --json");
  expect(exit).toBe(0);
  const { watch } = JSON.parse(stdout) as { watch: WatchResult };
  expect(watch).toMatchObject({
    passed: true,
    ended: "time",
    trends: [{ failures: 0, before: { runs: 3 } }, {}],
  });
  expect(watch.rounds).toBeGreaterThan(2);
  const [one] = await project.query(deploys);
  expect(one).toMatchObject({ result: "succeeded" });
  expect(JSON.parse(String(one?.["smoke"]))).toMatchObject({ passed: true, watch: { ended: "time" } });
  // One that fails now and then did so before, too.
  const flaky = await projectFor((request) => (request === 2 || request === 6 ? "failed" : 0), {
    errors: 0.3,
  });
  expect((await flaky.run("deploy --env production --watch 400ms")).exit).toBe(0);
});

test("what fails after the deploy ends it early, with the way back", async () => {
  const project = await projectFor((request) => (isWatched(request) ? "failed" : 0));
  const { exit, answer } = await project.json("deploy --env production --watch 3s");
  expect(exit).toBe(1);
  expect(answer).toMatchObject({
    error: {
      code: "watch-failed",
      details: expect.arrayContaining([
        expect.stringMatching(/^GET .*: \d+ of \d+ failed, before 0 of 3\.$/),
      ]),
      data: {
        part: "watch",
        applied: ["bbbb"],
        wayBack: { kind: "application" },
        watch: { ended: "hopeless" },
      },
    },
  });
  expect(await project.rows()).toEqual(["bbbb"]);
  expect(await project.query(deploys)).toMatchObject([
    { result: "failed", stopped_in: "watch", smoke: null },
  ]);
});

test("what takes longer than it may has failed, and can be taken back", async () => {
  const slow = (request: number) => (isWatched(request) ? 250 : 0);
  const project = await projectFor(slow, { errors: 1, latency: 1.5 });
  const { answer } = await project.json("deploy --env production --watch 600ms --on-failure downgrade");
  expect(answer).toMatchObject({
    error: {
      code: "watch-failed",
      details: expect.arrayContaining([expect.stringMatching(/: takes \d+ ms, before \d+ ms\.$/)]),
      data: { takenBack: true },
    },
  });
  expect(await project.rows()).toEqual(["aaaa"]);
});

test("a signal ends watching, and undoes nothing", async () => {
  const controller = new AbortController();
  const project = await projectFor((request) => {
    if (request === 8) setTimeout(() => controller.abort(), 5);
    return isWatched(request) && request < 6 ? "failed" : 10;
  });
  const { exit, stdout } = await project.run("deploy --env production --watch 5m --on-failure downgrade", {
    signal: controller.signal,
  });
  expect({ exit, stdout }).toMatchObject({ exit: 0 });
  expect(stdout).toMatch(/a signal ended it, and nothing was undone/);
  expect(await project.rows()).toEqual(["bbbb"]);
  expect(await project.query(deploys)).toMatchObject([{ result: "succeeded" }]);
});

test("watching without checks, or of one part alone, is refused before anything is done", async () => {
  const project = await deployProject("sqlite", [index]);
  expect(await project.json("deploy --env production --watch 1s")).toMatchObject({
    exit: 2,
    answer: { error: { code: "smoke-missing" } },
  });
  configure(project, { smoke: [{ query: "SELECT 1" }] });
  expect((await project.run("deploy --env production --watch soon")).exit).toBe(2);
  expect((await project.run("deploy --env production --watch 1s --only smoke")).exit).toBe(2);
  expect(await project.rows()).toEqual(["aaaa"]);
});
