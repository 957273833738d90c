import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { revision, type TestProject, testProject } from "../run/project.js";

/** A project whose databases are schemas, worked at by one session after the other. */
async function fleetOf(count: number, up: string, settings: object = {}): Promise<TestProject> {
  const project = await testProject("postgres", { "revisions/aaaa.ts": revision({ id: "aaaa", up }) });
  const schemas = Array.from({ length: count }, (_, at) => `tenant_${at}`);
  await project.execute(schemas.map((name) => `CREATE SCHEMA ${name}`).join(";"));
  const config = {
    environments: { main: { url: project.url } },
    fleet: { schemas, parallel: 1, ...settings },
  };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  return project;
}

const execute = (...statements: readonly string[]) =>
  statements.map((sql) => `await op.execute(${JSON.stringify(sql)});`).join("\n");

/** What `seen` says in each schema, in their order. */
const seenBy = (project: TestProject, count: number) =>
  project.query(
    Array.from({ length: count }, (_, at) => `SELECT ${at} AS at, s.* FROM tenant_${at}.seen AS s`).join(
      " UNION ALL ",
    ) + " ORDER BY 1",
  );

test("one session leads from schema to schema, and to each it is as good as new", async () => {
  const project = await fleetOf(
    3,
    execute(
      `CREATE TABLE seen AS SELECT pg_backend_pid() AS pid, current_setting('statement_timeout') AS timeout,
        to_regclass('pg_temp.scratch') IS NOT NULL AS scratch, current_schemas(false)::text AS path,
        (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND pid = pg_backend_pid()) AS locks`,
      "SET statement_timeout = '77s'",
      "CREATE TEMP TABLE scratch (n integer)",
      "SELECT pg_advisory_lock(1, 2)",
    ),
  );
  expect(await project.json("rollout")).toMatchObject({ exit: 0, answer: { upgraded: 3 } });
  const seen = await seenBy(project, 3);
  const own = { timeout: "0", scratch: false, locks: 0 };
  expect(seen).toMatchObject([0, 1, 2].map((at) => ({ at, ...own, path: `{tenant_${at}}` })));
  expect(new Set(seen.map((row) => row["pid"])).size).toBe(1);
});

test("sessions are as many as work at once, and a new one comes after some dozens of schemas", async () => {
  const pids = "CREATE TABLE seen AS SELECT pg_backend_pid() AS pid";
  const project = await fleetOf(120, execute(pids), { waves: [100], parallel: 2 });
  expect(await project.json("rollout")).toMatchObject({ exit: 0, answer: { upgraded: 120 } });
  const each = new Map<unknown, number>();
  for (const { pid } of await seenBy(project, 120)) each.set(pid, (each.get(pid) ?? 0) + 1);
  expect(Math.max(...each.values())).toBeLessThanOrEqual(50);
  expect(each.size).toBeLessThanOrEqual(4);
}, 60_000);

test("after a failure the next schema has a session of its own", async () => {
  const pids = "CREATE TABLE seen AS SELECT pg_backend_pid() AS pid";
  const project = await fleetOf(3, execute("SET work_mem = '1MB'", pids), { maxFailures: 1 });
  await project.execute("CREATE TABLE tenant_1.seen (n integer)");
  const { exit, answer } = await project.json("rollout");
  expect({ exit, ...answer }).toMatchObject({ exit: 2, upgraded: 2, failed: 1 });
  const [first, last] = [0, 2].map((at) => project.query(`SELECT pid FROM tenant_${at}.seen`));
  expect(await first).not.toEqual(await last);
});

test("a revision that may undo where names lead has a session for each schema", async () => {
  const project = await fleetOf(
    2,
    execute(
      "SELECT set_config('search_path', '', false)",
      "RESET search_path",
      "CREATE TABLE seen (n integer)",
    ),
  );
  expect(await project.json("rollout")).toMatchObject({ exit: 0, answer: { upgraded: 2 } });
  expect(await seenBy(project, 2)).toEqual([]);
});

test("one that hides it reaches no schema at all, not another one's", async () => {
  const hidden = `DO $do$ BEGIN EXECUTE 'RE' || 'SET ALL'; END $do$`;
  const project = await fleetOf(2, execute(hidden, "CREATE TABLE seen (n integer)"), { maxFailures: 2 });
  const { exit, answer } = await project.json("rollout");
  expect({ exit, ...answer }).toMatchObject({
    exit: 2,
    failed: 2,
    databases: [0, 1].map(() => ({
      error: { message: expect.stringContaining("no schema has been selected") },
    })),
  });
  expect(await project.query("SELECT 1 FROM pg_tables WHERE tablename = 'seen'")).toEqual([]);
});

test("what may undo where names lead is told by its words", () => {
  const isUndone = postgres.namespaces?.isUndoneBy;
  expect(["RESET ALL", "set Search_Path to default", "DISCARD TEMP"].map((text) => isUndone?.(text))).toEqual(
    [true, true, true],
  );
  expect(isUndone?.("ALTER TABLE persons ADD COLUMN reset_token text, ADD COLUMN discarded boolean")).toBe(
    false,
  );
});
