import { expect, test } from "vitest";
import type { Plan } from "../../src/deploy/plan.js";
import { isRestOf } from "../../src/deploy/plan.js";
import { on, revisions, type TestProject, testProject } from "../run/project.js";
import { deployProject } from "./project.js";

/** What a runner leaves that was killed in a statement which the server has then finished. */
async function finishedByServer(project: TestProject, id: string, statement: string): Promise<void> {
  await project.execute(statement);
  await project.execute(
    `INSERT INTO aludel_run_log (revision, direction, started_at, checksum, tool_version, hostname, result, statements_done)
    VALUES ('${id}', 'upgrade', now(), NULL, '0', 'x', 'running', 0)`,
  );
}

test("a deploy goes on where the server has finished what a killed runner had asked for", async () => {
  const create = "CREATE INDEX CONCURRENTLY ix_name ON persons (name)";
  const drop = "DROP INDEX CONCURRENTLY ix_name";
  const project = await deployProject("postgres", [
    {
      id: "bbbb",
      revises: "aaaa",
      up: `await op.createIndex("ix_name", "persons", ["name"], { concurrently: true });
        await op.execute("INSERT INTO persons VALUES (1, 'one')");`,
    },
    {
      id: "cccc",
      revises: "bbbb",
      up: `await op.execute("${drop}"); await op.execute("INSERT INTO persons VALUES (2, 'two')");`,
    },
  ]);
  // Nothing of the revision is committed by the run log, and yet the database is another one: that is no drift.
  await finishedByServer(project, "bbbb", create);
  expect(await project.run("deploy bbbb --env production")).toMatchObject({ exit: 0 });
  await finishedByServer(project, "cccc", drop);
  // Who is stopped before that statement leaves it as open as it was.
  const stop = new AbortController();
  stop.abort();
  expect(await project.run("upgrade --env production", { signal: stop.signal })).toMatchObject({ exit: 2 });
  expect(await project.run("deploy --env production")).toMatchObject({ exit: 0 });
  expect(await project.query("SELECT id FROM persons ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await project.rows()).toEqual(["cccc"]);
});

test("a partition that was left half detached is detached by the next run", async () => {
  const project = await testProject(
    "postgres",
    revisions(
      {
        id: "aaaa",
        up: `await op.execute("CREATE TABLE events (id integer NOT NULL) PARTITION BY RANGE (id)");
          await op.execute("CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (1) TO (100)");`,
      },
      { id: "bbbb", revises: "aaaa", up: 'await op.detachPartition("events_old", { concurrently: true });' },
    ),
  );
  expect(await project.run("upgrade aaaa")).toMatchObject({ exit: 0 });
  // It waits for whoever has read the table, and is given up meanwhile.
  await on(project.url, project.folder, async (reader) => {
    await reader.run("BEGIN; SELECT * FROM events");
    const detach =
      "SET statement_timeout = 500; ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY".split(";");
    const given = on(project.url, project.folder, async (runner) => {
      for (const statement of detach) await runner.run(statement);
    });
    await expect(given).rejects.toThrow("timeout");
  });
  const pending = "SELECT count(*)::int AS n FROM pg_inherits WHERE inhdetachpending";
  expect(await project.query(pending)).toEqual([{ n: 1 }]);
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  expect(await project.query("SELECT count(*)::int AS n FROM pg_inherits")).toEqual([{ n: 0 }]);
});

test("a partition that is detached CONCURRENTLY is as one that is detached", async () => {
  const project = await testProject(
    "postgres",
    revisions(
      {
        id: "aaaa",
        up: `await op.execute("CREATE TABLE events (id integer NOT NULL, n integer CHECK (n > 0)) PARTITION BY RANGE (id)");
          await op.execute("CREATE TABLE events_old PARTITION OF events (CHECK (id > 5)) FOR VALUES FROM (1) TO (100)");`,
      },
      { id: "bbbb", revises: "aaaa", up: 'await op.detachPartition("events_old", { concurrently: true });' },
    ),
  );
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  const { answer } = await project.json("drift");
  expect(answer).toMatchObject({ changedByHand: [] });
  const checks =
    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'events_old'::regclass ORDER BY 1";
  expect((await project.query(checks)).map((row) => row["conname"])).toEqual([
    "events_n_check",
    "events_old_id_check",
  ]);
});

const named = (...ids: readonly string[]) => ids.map((id) => ({ revision: { id, checksum: `of ${id}` } }));

test("what is left of a plan runs, and nothing that was not in it", () => {
  const plan = { rows: ["a"], revisions: named("b", "c") } as unknown as Plan;
  expect(isRestOf(plan, ["b"], named("c"))).toBe(true);
  expect(isRestOf(plan, ["c"], [])).toBe(true);
  // All of it is to be the plan itself, with its word.
  expect(isRestOf(plan, ["a"], named("b", "c"))).toBe(false);
  expect(isRestOf(plan, ["x"], named("c"))).toBe(false);
  expect(isRestOf(plan, ["b"], named("d"))).toBe(false);
  expect(isRestOf(plan, ["b"], [{ revision: { id: "c", checksum: "another text" } }])).toBe(false);
  expect(isRestOf(plan, ["a"], named("b", "c", "d"))).toBe(false);
});
