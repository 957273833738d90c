import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { on, revisions, type TestProject, testProject } from "./project.js";

const files = revisions(
  { id: "aaaa", up: 'await op.createTable("persons", { id: t.integer() });' },
  { id: "bbbb", revises: "aaaa", up: 'await op.addColumn("persons", "email", t.text());' },
);

function configure(project: TestProject, timeouts: object): void {
  const config = { environments: { dev: { url: project.url, timeouts } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
}

/** A session of an application that has read the table, and still has its transaction. */
function reader<T>(
  project: TestProject,
  name: string,
  use: (run: (sql: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  return on(project.url, project.folder, async (other) => {
    await other.run(`SET application_name = '${name}'; BEGIN; SELECT * FROM persons`);
    return use((sql) => other.run(sql));
  });
}

async function upgraded(project: TestProject, timeouts: object) {
  configure(project, { lock: "400ms", ...timeouts });
  const { exit, stderr } = await project.run("upgrade");
  return { exit, cancelled: stderr.includes("Cancelled a query"), stderr };
}

test("a query in the way is cancelled only where that is configured, and when it is old enough", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await reader(project, "report", async (run) => {
    let ended: string | null = null;
    const sleeping = run("SELECT pg_sleep(60)").catch((error: Error) => {
      ended = error.message;
    });
    await pause(300);
    expect(await upgraded(project, { retries: 0 })).toMatchObject({ exit: 2, cancelled: false });
    expect(await upgraded(project, { retries: 0, cancelBlockersAfter: "1h" })).toMatchObject({
      exit: 2,
      cancelled: false,
    });
    expect(ended).toBeNull();
    const { exit, stderr } = await upgraded(project, { retries: 3, cancelBlockersAfter: "300ms" });
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stderr).toMatch(
      /Cancelled a query that was in the way: process \d+, .*application "report", .*running: SELECT pg_sleep\(60\)/,
    );
    await sleeping;
    expect(ended).toMatch(/canceling statement due to user request/);
    // Its session is still there.
    await run("ROLLBACK");
  });
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("neither who only has its transaction open is ended, nor a dump", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const soon = { retries: 0, cancelBlockersAfter: "0s" };
  await reader(project, "report", async (run) => {
    expect(await upgraded(project, soon)).toMatchObject({ exit: 2, cancelled: false });
    await run("SELECT 1; ROLLBACK");
  });
  await reader(project, "pg_dump", async (run) => {
    const dumping = run("SELECT pg_sleep(3)");
    expect(await upgraded(project, soon)).toMatchObject({ exit: 2, cancelled: false });
    await dumping;
    await run("ROLLBACK");
  });
});
