import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchDefaults } from "../../src/config/watch-config.js";
import type { SmokeResult, SmokeSettings } from "../../src/deploy/smoke/smoke.js";
import { trendsOf, watchSmoke } from "../../src/deploy/smoke/watch.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { type Engine, on, testProject } from "../run/project.js";

/** A server that answers by path, and its URL. */
async function application(): Promise<{ readonly url: string; readonly logins: readonly string[] }> {
  const logins: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    if (request.headers.authorization !== undefined) logins.push(request.headers.authorization);
    if (pathname === "/health") return void response.end('{"status":"Ok"}');
    if (pathname === "/down") {
      return void response.writeHead(503).end("cannot reach postgres://app:hunter2@db/app");
    }
    if (pathname === "/moved")
      return void response.writeHead(302, { location: "/login?token=hunter2" }).end();
    if (pathname === "/silent") return;
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logins };
}

async function withChecks(engine: Engine, smoke: readonly object[]) {
  const project = await testProject(engine, {});
  const config = { environments: { production: { url: project.url, smoke } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  return project;
}

const seenIn = (answer: Record<string, unknown>) =>
  (answer as unknown as SmokeResult).checks.map(
    ({ passed, seen }) => `${passed ? "passed" : "failed"}: ${seen}`,
  );

test("what a URL answers: status, body, time, redirects, who asks", async () => {
  const { url, logins } = await application();
  const project = await withChecks("sqlite", [
    { http: `${url}/health`, body: "Ok" },
    { http: `${url}/health`, body: "/ok/" },
    { http: `${url}/health`, body: "/ok/i" },
    { http: `${url.replace("://", "://me:hunter2@")}/health?key=hunter2` },
    { http: `${url}/none`, status: 404 },
    { http: `${url}/down` },
    { http: `${url}/moved` },
    { http: `${url}/silent`, within: "100ms" },
    { http: "http://127.0.0.1:1/" },
  ]);
  await project.execute("CREATE TABLE t (x)");
  const { exit, answer } = await project.json("smoke-test");
  expect(exit).toBe(1);
  expect(JSON.stringify(answer)).not.toContain("hunter2");
  expect(seenIn(answer)).toEqual([
    "passed: status 200",
    'failed: status 200, its body does not have /ok/: {"status":"Ok"}',
    "passed: status 200",
    "passed: status 200",
    "passed: status 404",
    "failed: status 503, expected 200: cannot reach postgres://app:***@db/app",
    "failed: status 302 to /login, expected 200",
    "failed: no answer within 100 ms",
    expect.stringMatching(/^failed: .*(ECONNREFUSED|bad port)/),
  ]);
  expect(logins).toEqual([`Basic ${Buffer.from("me:hunter2").toString("base64")}`]);
  const { stdout, stderr } = await project.run("smoke-test");
  expect(`${stdout}${stderr}`).not.toContain("hunter2");
  expect(stdout).toContain(`GET ${url}/health?key=***: status 200`);
  expect(stdout).toContain("5 of 9 checks failed.");
});

test.each(["sqlite", "postgres"] as const)(
  "on %s what is written is rolled back, whatever happens",
  async (engine) => {
    const big = "9007199254740993";
    const project = await withChecks(engine, [
      { query: "SELECT count(*) AS n FROM t", expect: 1 },
      { query: `SELECT x AS big FROM t`, expect: { big: 5 } },
      { query: "SELECT x FROM t WHERE x > 100" },
      { query: "SELECT x FROM t", expect: [6] },
      { query: `SELECT ${big} = ${big} AS same`, expect: true },
      { write: "INSERT INTO t VALUES (6); UPDATE t SET x = x + 1" },
      { write: "INSERT INTO none VALUES (6)" },
      { write: "INSERT INTO t VALUES (7); COMMIT" },
      { write: "DROP TABLE t" },
      { query: "INSERT INTO t VALUES (8) RETURNING x", expect: 8 },
      { query: "SELECT count(*) AS n FROM t", expect: 1 },
    ]);
    await project.execute("CREATE TABLE t (x integer); INSERT INTO t VALUES (5)");
    const { exit, answer } = await project.json("smoke-test");
    expect(exit).toBe(1);
    expect(seenIn(answer)).toEqual([
      expect.stringMatching(/^passed: {"n":"?1"?}$/),
      'passed: {"big":5}',
      "failed: no rows",
      'failed: {"x":5}; expected 6',
      expect.stringMatching(/^passed: {"same":(1|true)}$/),
      "passed: it can be written",
      expect.stringMatching(/^failed: .*none/),
      "failed: it was not run: it begins or ends a transaction itself; it runs in one that is rolled back",
      "failed: it was not run: it changes the schema, or cannot run in a transaction",
      'passed: {"x":8}',
      expect.stringMatching(/^passed: {"n":"?1"?}$/),
    ]);
    expect(await project.query("SELECT x FROM t")).toEqual([{ x: 5 }]);
  },
);

test("a statement that takes too long on PostgreSQL has failed, and is stopped", async () => {
  const project = await withChecks("postgres", [
    { query: "SELECT pg_sleep(30)", within: "200ms" },
    { query: "SELECT current_setting('statement_timeout') AS t", expect: "10s" },
  ]);
  const { answer } = await project.json("smoke-test");
  expect(seenIn(answer)).toEqual(["failed: no answer within 200 ms", 'passed: {"t":"10s"}']);
});

test("commands are stopped with what they have started; no checks are no answer", async () => {
  const project = await withChecks("sqlite", [
    { name: "good", command: "node -e 0" },
    { command: "echo it is broken; exit 4" },
    { command: "sleep 60 & sleep 60", within: "300ms" },
  ]);
  await project.execute("CREATE TABLE t (x)");
  const { answer } = await project.json("smoke-test");
  expect(seenIn(answer)).toEqual([
    "passed: exit 0",
    "failed: exit 4; it is broken",
    "failed: no answer within 300 ms",
  ]);
  const none = await project.json("smoke-test --url sqlite:dev.db?busy_timeout=1");
  expect(none).toMatchObject({ exit: 2, answer: { error: { code: "smoke-missing" } } });
});

const round = (passed: boolean, milliseconds: number): SmokeResult => ({
  passed,
  checks: [{ name: "GET /", kind: "http", passed, seen: "", milliseconds }],
  milliseconds,
});

test("watching says what is worse than before", async () => {
  const worse = (before: readonly SmokeResult[], after: readonly SmokeResult[]) =>
    trendsOf(before, after, watchDefaults)[0]?.worse;
  expect(worse([], [round(true, 5000)])).toBeNull();
  expect(worse([], [round(true, 5), round(false, 5)])).toBe("1 of 2 failed");
  expect(worse([round(false, 5), round(true, 5)], [round(true, 5), round(false, 5)])).toBeNull();
  expect(worse([round(true, 50)], [round(true, 199)])).toBeNull();
  expect(worse([round(true, 50)], [round(true, 201)])).toBe("takes 201 ms, before 50 ms");

  const project = await withChecks("sqlite", []);
  const settings: SmokeSettings = {
    checks: [{ kind: "query", sql: "SELECT 1 AS one", expect: 1, name: null, withinMs: 1000 }],
    dialect: await loadDialect("sqlite"),
    root: project.folder,
    variables: {},
  };
  await on(project.url, project.folder, async (connection) => {
    const signal = new AbortController().signal;
    const seen: string[] = [];
    const watched = await watchSmoke(settings, connection, signal, ({ name }) => seen.push(name), {
      ...{ ...watchDefaults, forMs: 100, everyMs: 30, before: [] },
    });
    expect(watched.passed).toBe(true);
    expect(watched.rounds).toBeGreaterThan(1);
    expect(seen).toHaveLength(watched.rounds);
  });
});
