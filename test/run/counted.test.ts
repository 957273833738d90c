import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { dialectOfUrl, loadDialect } from "../../src/dialect/registry.js";
import { temporaryFolder } from "../temporary-folder.js";
import { newDatabase, on, revisions, type TestProject, testProject } from "./project.js";

const files = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.execute("INSERT INTO persons VALUES (1), (2), (3)");
    await op.query("INSERT INTO persons VALUES (4)");
    await op.execute("UPDATE persons SET id = id + 10 WHERE id < 3");`,
    down: 'await op.execute("DELETE FROM persons");',
  },
);

/** The tables as versions before made them, with a line of theirs. */
async function madeBefore(project: TestProject): Promise<void> {
  const dialect = await loadDialect(dialectOfUrl(project.url));
  const bookkeeping = {
    versionTable: { namespace: null, name: "aludel_version" },
    runLogTable: { namespace: null, name: "aludel_run_log" },
  };
  const deploys = { namespace: null, name: "aludel_deploy" };
  const later = new RegExp(
    `,\\s+(?:${Object.keys(dialect.laterColumns.deploy).join("|")}) [\\w ]+(?=,|\\n)`,
    "g",
  );
  const ddl = [...dialect.bookkeepingDdl(bookkeeping), ...dialect.deployTableDdl(deploys)];
  await project.execute(ddl.map((one) => one.replace(later, "")).join(";\n"));
  await project.execute(
    "INSERT INTO aludel_run_log (revision, direction, started_at, tool_version, result) VALUES ('aaaa', 'upgrade', '2026-11-22T09:25:30Z', '0.0.9', 'succeeded')",
  );
}

const columns = async (project: TestProject) =>
  Object.keys((await project.query("SELECT * FROM aludel_run_log LIMIT 1"))[0] ?? {});

interface Runs {
  readonly runs: readonly Record<string, unknown>[];
  readonly deploys: readonly Record<string, unknown>[];
}

const historyOf = async (project: TestProject) =>
  (await project.json("history --runs")).answer as unknown as Runs;

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test("tables of an earlier version are given their columns, and what they had stays", async () => {
    const project = await testProject(engine, files);
    await madeBefore(project);
    expect(await columns(project)).not.toContain("run_id");
    expect((await historyOf(project)).runs).toMatchObject([
      { revision: "aaaa", rowsChanged: null, run: null },
    ]);
    expect(await project.run("upgrade --log json")).toMatchObject({ exit: 0 });
    const { runs } = await historyOf(project);
    expect(runs).toMatchObject([
      {
        revision: "bbbb",
        rowsChanged: 6,
        lockWaitMs: 0,
        gaveWay: 0,
        run: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      { revision: "aaaa", rowsChanged: 0 },
      { revision: "aaaa", rowsChanged: null, run: null },
    ]);
    expect(runs[0]?.["run"]).toBe(runs[1]?.["run"]);
    const { stdout } = await project.run("history --runs");
    expect(stdout).toMatch(/upgrade bbbb .* 6 rows changed/);
    // A deploy writes into a table of an earlier version, too.
    const config = {
      environments: { dev: { url: project.url, preflight: { git: false } } },
      receiptKey: "k".repeat(20),
    };
    writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
    expect(await project.run("deploy --env dev --write-receipt r.json")).toMatchObject({ exit: 0 });
    const { deploys } = await historyOf(project);
    expect(deploys).toMatchObject([
      { id: 1, gaveWay: 0, receipt: { path: "r.json", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
  });

  test("rows that were rolled back are not counted", async () => {
    const project = await testProject(engine, {
      ...files,
      ...revisions({
        id: "cccc",
        revises: "bbbb",
        up: `await op.execute("INSERT INTO persons VALUES (7)"); await op.commit();
        await op.execute("INSERT INTO persons VALUES (8), (9)"); await op.execute("INSERT INTO nowhere VALUES (1)");`,
      }),
    });
    expect((await project.run("upgrade")).exit).toBe(2);
    const [last] = (await historyOf(project)).runs;
    expect(last).toMatchObject({ revision: "cccc", result: "failed", rowsChanged: 1 });
  });
});

test.each(["sqlite", "postgres", "pglite"] as const)("%s says how many rows were changed", async (engine) => {
  const url = engine === "pglite" ? "pglite:" : await newDatabase(engine);
  await on(url, temporaryFolder({}), async (connection) => {
    const changed = async () => Number(await connection.changedRows?.());
    const before = await changed();
    await connection.run("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2); UPDATE t SET a = 3");
    await connection.query("INSERT INTO t VALUES (5)");
    await connection.query("SELECT * FROM t");
    await connection.run("CREATE TABLE u AS SELECT * FROM t; DELETE FROM t WHERE a = 3");
    expect((await changed()) - before).toBe(7);
  });
});

test("a run log that somebody reads all the time is used as it is, and given its columns later", async () => {
  const project = await testProject("postgres", files);
  await madeBefore(project);
  await on(project.url, project.folder, async (reader) => {
    await reader.run("BEGIN; SELECT * FROM aludel_run_log");
    expect(await project.run("upgrade aaaa")).toMatchObject({ exit: 0 });
    expect(await columns(project)).not.toContain("run_id");
  });
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  expect(await columns(project)).toContain("run_id");
  expect((await historyOf(project)).runs).toMatchObject([
    { revision: "bbbb", rowsChanged: 6 },
    { revision: "aaaa", rowsChanged: null },
    { revision: "aaaa", rowsChanged: null },
  ]);
});

test("a script runs on tables of an earlier version", async () => {
  const project = await testProject("sqlite", files);
  await madeBefore(project);
  await project.execute(
    "INSERT INTO aludel_version VALUES ('aaaa'); CREATE TABLE persons (id INTEGER PRIMARY KEY)",
  );
  project.write(
    "revisions/bbbb.ts",
    readFileSync(join(project.folder, "revisions/bbbb.ts"), "utf8").replace(/await op.query.*/, ""),
  );
  const { stdout } = await project.run("upgrade aaaa:bbbb --sql");
  await project.execute(stdout.replace(/^\..*$/gm, ""));
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("what a revision waited and how often it gave way is written down, and who was in the way is told", async () => {
  const project = await testProject("postgres", {
    ...files,
    ...revisions({
      id: "bbbb",
      revises: "aaaa",
      up: 'await op.addColumn("persons", "email", t.text());',
      down: "",
    }),
  });
  const timeouts = { lock: "600ms", retries: 20 };
  const config = { environments: { dev: { url: project.url, timeouts } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const { exit, stderr } = await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT * FROM persons");
    const running = project.run("upgrade --log json");
    await pause(2000);
    await other.run("ROLLBACK");
    return running;
  });
  expect(exit).toBe(0);
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const blocked = lines.find(({ blockers }) => Array.isArray(blockers) && blockers.length > 0);
  expect(blocked).toMatchObject({ level: "warn", revision: "bbbb" });
  expect(JSON.stringify(blocked?.["blockers"])).toMatch(/process \d+/);
  const gaveWay = lines.filter(({ event }) => event === "lock.gave_way").length;
  expect(gaveWay).toBeGreaterThan(0);
  const [last] = (await historyOf(project)).runs;
  expect(last).toMatchObject({ revision: "bbbb", gaveWay });
  expect(Number(last?.["lockWaitMs"])).toBeGreaterThanOrEqual(600 * gaveWay);
  expect(Number(last?.["lockWaitMs"])).toBeLessThan(2500);
  expect(lines.at(-1)).toMatchObject({ event: "run.finished", gave_way: gaveWay });
});
