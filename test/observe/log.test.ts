import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import type { Moment } from "../../src/observe/moment.js";
import { showStatement } from "../../src/observe/statement.js";
import { createStream } from "../../src/observe/stream.js";
import { configure, first, index } from "../deploy/project.js";
import { on, revisions, testProject } from "../run/project.js";

type Line = Record<string, unknown>;

const linesOf = (stderr: string) =>
  stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

test("what happens is lines of JSON on stderr, and stdout is what it is without", async () => {
  const project = await testProject("sqlite", revisions(first, index));
  configure(project, {});
  const { exit, stdout, stderr } = await project.run("upgrade --log json");
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^2 revisions in .*; sqlite:dev\.db is at bbbb\.\n$/);
  const lines = linesOf(stderr);
  expect(
    lines.map(({ event, revision, step }) => [event, revision ?? step].filter(Boolean).join(" ")),
  ).toEqual([
    "run.started",
    "lock.acquired",
    "run.planned",
    ...["revision.started aaaa", "step.finished aaaa", "revision.finished aaaa"],
    ...["revision.started bbbb", "step.finished bbbb", "revision.finished bbbb"],
    "run.finished",
  ]);
  const [run, ...others] = new Set(lines.map((line) => line["run_id"]));
  expect(others).toEqual([]);
  expect(run).toMatch(/^[0-9a-f-]{36}$/);
  expect(lines[4]).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: "info",
    event: "step.finished",
    message: expect.stringContaining("CREATE TABLE"),
    logger: "aludel",
    run_id: run,
    command: "upgrade",
    environment: "production",
    db_system: "sqlite",
    database: "sqlite:dev.db",
    revision: "aaaa",
    step: 1,
    statement: expect.stringContaining("CREATE TABLE"),
    duration_ms: expect.any(Number),
    lock_wait_ms: 0,
    rows_changed: 0,
  });
  const { answer } = await project.json("downgrade base --log json");
  expect(answer).toMatchObject({ command: "downgrade", rows: [] });
});

test("-v has more of it, and -q only what is wrong", async () => {
  const project = await testProject("sqlite", revisions(first));
  const loud = linesOf((await project.run("upgrade --log json -v")).stderr);
  expect(loud.filter(({ level }) => level === "debug").map(({ event }) => event)).toEqual([
    "op.started",
    "step.started",
  ]);
  expect((await project.run("downgrade base --log json -q")).stderr).toBe("");
});

test("a failure is one line that is an error, and nothing but lines is on stderr", async () => {
  const up = 'await op.execute("INSERT INTO nowhere VALUES (1)");';
  const project = await testProject("sqlite", revisions(first, { id: "bbbb", revises: "aaaa", up }));
  configure(project, {});
  const failed = linesOf((await project.run("upgrade --log json")).stderr);
  expect(failed.filter(({ level }) => level === "error")).toMatchObject([
    { event: "run.failed", revisions: 1, error: { kind: "upgrade-failed", remedy: expect.any(String) } },
  ]);
  // Before there is a run, and before it is known what is asked for.
  for (const line of ["upgrade --log json --env nix", "upgrade --log json --nix", "downgrade --log=json"]) {
    const lines = linesOf((await project.run(line)).stderr);
    expect(lines, line).toMatchObject([
      { level: "error", event: "error", error: { kind: expect.any(String) } },
    ]);
  }
  const { exit, stdout, stderr } = await project.run("upgrade --log json --json");
  expect([exit, JSON.parse(stdout)]).toMatchObject([2, { error: { code: "upgrade-failed" } }]);
  expect(linesOf(stderr).at(-1)).toMatchObject({ event: "run.failed" });
});

test("waiting for another runner is told, with who that is and how long it took", async () => {
  const project = await testProject("sqlite", revisions(first, index));
  configure(project, {});
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const dialect = await loadDialect("sqlite");
  const { exit, stderr } = await on(project.url, project.folder, async (other) => {
    const bookkeeping = {
      versionTable: { namespace: null, name: "aludel_version" },
      runLogTable: { namespace: null, name: "aludel_run_log" },
    };
    const lock = await dialect.lock(other, { bookkeeping, timeoutMs: 0, onWait: () => undefined });
    const running = project.run("upgrade --log json");
    await pause(600);
    await lock.release();
    return running;
  });
  expect(exit, stderr).toBe(0);
  const lines = linesOf(stderr);
  const of = (event: string) => lines.find((line) => line["event"] === event);
  expect(of("lock.waiting")).toMatchObject({ lock: "run", level: "warn", blockers: [expect.any(String)] });
  const waited = Number(of("lock.acquired")?.["lock_wait_ms"]);
  expect(waited).toBeGreaterThan(200);
  expect(of("run.finished")).toMatchObject({ lock_wait_ms: waited, gave_way: 0 });
  expect(of("revision.finished")).toMatchObject({ lock_wait_ms: 0 });
});

test("each database of a rollout has its lines", async () => {
  const project = await testProject("sqlite", revisions(first));
  configure(project, {}, { fleet: { urls: ["sqlite:a.db", "sqlite:b.db"], parallel: 2, waves: ["100%"] } });
  project.write("a.db", "");
  const { exit, stderr } = await project.run("rollout --log json");
  expect(exit).toBe(2);
  const ends = linesOf(stderr).filter(({ event }) => event === "database.finished");
  expect(ends.sort((a, b) => String(a["member"]).localeCompare(String(b["member"])))).toMatchObject([
    { member: "sqlite:a.db", status: "upgraded", level: "info" },
    { member: "sqlite:b.db", status: "failed", level: "error", error: { kind: "database-not-found" } },
  ]);
  expect(linesOf(stderr).at(-1)).toMatchObject({
    event: "run.failed",
    error: { kind: "rollout-incomplete" },
  });
});

test("a statement is shown without the text in it", () => {
  const shown = {
    "INSERT INTO t VALUES (1, 'it''s', E'a\\'b', $$ body $$, 'x')": "INSERT INTO t VALUES (1, ?, ?, ?, ?)",
    "SELECT 'C:\\', 'secret'": "SELECT ?, ?",
    "-- don't\nSELECT \"it's\", 'a' /* 'b */": 'SELECT "it\'s", ?',
    "UPDATE t SET a = x'00', b = 'cut o": "UPDATE t SET a = ?, b = ?",
    "DO $do$ BEGIN RAISE 'x'; END $do$": "DO ?",
  };
  for (const [sql, told] of Object.entries(shown)) expect(showStatement(sql)).toBe(told);
  expect(showStatement(`SELECT ${"a, ".repeat(200)}`)).toHaveLength(200);
});

test("what is told is frozen, and a listener that fails stops neither the others nor the run", async () => {
  const heard: Moment[] = [];
  const failing = {
    hear: () => {
      throw new Error("broken");
    },
    end: async () => [],
  };
  const about = {
    run: "r",
    command: "upgrade",
    environment: null,
    dialect: null,
    database: null,
    member: null,
  };
  const stream = createStream(about, [
    failing,
    { hear: (one) => heard.push(one), end: async () => ["late"] },
  ]);
  stream.report({ kind: "planned", total: 1 });
  stream.of({ member: "a", database: null, dialect: "sqlite" })({ kind: "database-started" });
  expect(heard).toMatchObject([
    { event: { kind: "planned" }, member: null },
    { event: { kind: "database-started" }, member: "a", dialect: "sqlite" },
  ]);
  expect(heard.every((one) => Object.isFrozen(one) && Object.isFrozen(one.event))).toBe(true);
  expect(await stream.end()).toEqual(["A listener of the run failed: broken", "late"]);
});
