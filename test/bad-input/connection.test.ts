import { readdirSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { on, revisions, testProject } from "../run/project.js";
import { createTestDatabase, startServer } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { command, failure, start } from "./cli.js";

const config = (url: string) => ({ "aludel.config.json": JSON.stringify({ environments: { dev: url } }) });

const sleeping = revisions(
  { id: "aaaa", up: 'await op.execute("CREATE TABLE a (id integer)");' },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.execute("CREATE TABLE b (id integer)");
      await op.execute("SELECT CASE /* asleep */ WHEN to_regclass('awake') IS NULL THEN pg_sleep(60) END");`,
  },
  { id: "cccc", revises: "bbbb", up: 'await op.execute("CREATE TABLE c (id integer)");' },
);

/** Resolves when the command's statement sleeps on the server. */
async function untilAsleep(url: string): Promise<void> {
  await on(url, "/", async (connection) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const rows = await connection.query(
        "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%/* asleep */%' AND pid <> pg_backend_pid()",
      );
      if (rows.length > 0) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error("the revision did not begin to sleep");
  });
}

const tablesOf = (url: string) =>
  on(url, "/", async (connection) => {
    const rows = await connection.query(
      "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'aludel%' ORDER BY 1",
    );
    return rows.map((row) => row["name"]);
  });

describe("a server", () => {
  test("that cannot be reached", async () => {
    const folder = temporaryFolder({ ...config("postgres://app:hunter2@127.0.0.1:1/app"), ...sleeping });
    const ended = await command(folder, "upgrade");
    expect(failure(ended)).toEqual({
      code: "connection-failed",
      exit: 2,
      remedy: "Start the server, or correct host and port.\n",
    });
    expect(ended.stderr).toContain("127.0.0.1:1");
    expect(ended.stderr + ended.stdout).not.toContain("hunter2");
  });

  test("whose name is not known", async () => {
    const folder = temporaryFolder({
      ...config("postgres://app:hunter2@no-such-host.invalid/app"),
      ...sleeping,
    });
    const ended = await command(folder, "current");
    expect(failure(ended)).toMatchObject({ code: "connection-failed", exit: 2 });
    expect(ended.stderr).toContain("no-such-host.invalid");
  });

  test.each([
    ["plain", "wr0ng-secret", "wr0ng-secret"],
    ["percent-encoded", "p%40ss%3Aw%2Frd%C3%BC", "p@ss:w/rdü"],
  ])("that refuses the password (%s): it is in no output", async (_name, encoded, decoded) => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const url = database.url.replace(/:[^:@/]*@/, `:${encoded}@`);
    const folder = temporaryFolder({ ...config(url), ...sleeping });
    for (const words of [
      ["upgrade"],
      ["upgrade", "--json"],
      ["upgrade", "-v"],
      ["upgrade", "-v", "--json"],
      ["current", "--url", url, "-v"],
    ]) {
      const ended = await command(folder, ...words);
      const printed = ended.stdout + ended.stderr;
      expect(ended.exit, words.join(" ")).toBe(2);
      expect(printed).toContain("authentication-failed");
      for (const secret of [encoded, decoded, "w/rd"]) expect(printed).not.toContain(secret);
    }
  });

  test("without that database", async () => {
    const database = await createTestDatabase();
    await database.drop();
    const folder = temporaryFolder({ ...config(database.url), ...sleeping });
    const ended = await command(folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "database-not-found", exit: 2 });
    expect(ended.stderr).toContain(`Create the database "${database.name}"`);
  });

  test("that dies in the middle of a revision: what is committed stays, and the next run goes on", async () => {
    const server = await startServer();
    onTestFinished(() => server.dispose());
    const { url } = await server.createDatabase();
    const folder = temporaryFolder({ ...config(url), ...sleeping });
    const running = start(folder, ["upgrade"]);
    await untilAsleep(url);
    await server.stop("immediate");
    const ended = await running.ended;
    expect(failure(ended)).toMatchObject({ code: "connection-lost", exit: 2 });
    expect(ended.stderr).toContain("revision bbbb");
    expect(ended.stderr).toContain("Nothing of revision bbbb is applied: it was rolled back.");
    expect(ended.stderr).toContain("Done before it, and kept: aaaa.");
    expect(ended.stderr).toContain("Not reached: cccc.");
    await server.start();
    expect(await tablesOf(url)).toEqual(["a"]);
    await on(url, "/", (connection) => connection.run("CREATE TABLE awake ()"));
    expect(await command(folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await tablesOf(url)).toEqual(["a", "awake", "b", "c"]);
  }, 90_000);
});

test("a connection lost during COMMIT: nobody claims to know what became of it", async () => {
  const project = await testProject(
    "postgres",
    revisions({
      id: "aaaa",
      up: `await op.execute(\`CREATE TABLE a (id integer);
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
        INSERT INTO a VALUES (1)\`);`,
    }),
  );
  const running = start(project.folder, ["upgrade"]);
  await on(project.url, "/", async (connection) => {
    for (let ended = false; !ended; ) {
      const rows = await connection.query(
        "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
      );
      ended = rows.length > 0;
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  const ended = await running.ended;
  expect(failure(ended)).toMatchObject({ code: "connection-lost", exit: 2 });
  expect(ended.stderr).toContain(
    "lost during COMMIT: `aludel current` tells whether revision aaaa is applied",
  );
  expect(ended.stderr).not.toContain("rolled back");
  expect(await command(project.folder, "current")).toMatchObject({ exit: 0, stdout: "" });
});

describe("Ctrl-C", () => {
  test("on PostgreSQL ends the statement at once; the next run goes on", async () => {
    const project = await testProject("postgres", sleeping);
    const running = start(project.folder, ["upgrade"]);
    await untilAsleep(project.url);
    const began = performance.now();
    running.process.kill("SIGINT");
    const ended = await running.ended;
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(failure(ended)).toMatchObject({ code: "interrupted", exit: 2 });
    expect(ended.stderr).toContain("Nothing of revision bbbb is applied: it was rolled back.");
    expect(ended.stderr).toContain("Not reached: cccc.");
    expect(await tablesOf(project.url)).toEqual(["a"]);
    expect(await project.rows()).toEqual(["aaaa"]);
    expect((await project.log()).at(-1)).toMatchObject({ revision: "bbbb", result: "failed" });
    await project.execute("CREATE TABLE awake ()");
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await tablesOf(project.url)).toEqual(["a", "awake", "b", "c"]);
    expect(await project.rows()).toEqual(["cccc"]);
  });

  test("on SQLite stops before the next statement; the next run goes on", async () => {
    const count = 40;
    const id = (at: number) => `r${String(at).padStart(3, "0")}`;
    const project = await testProject("sqlite", {
      ...Object.fromEntries(
        Array.from({ length: count }, (_, at) => [
          `revisions/${id(at)}.sql`,
          `-- ${at}\n--\n-- Revision: ${id(at)}\n-- Revises:${at === 0 ? "" : ` ${id(at - 1)}`}\n\n-- aludel:upgrade\nCREATE TABLE t${at} (id integer);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) INSERT INTO t${at} SELECT max(i) FROM n;\n\n-- aludel:downgrade\nDROP TABLE t${at};\n`,
        ]),
      ),
    });
    const running = start(project.folder, ["upgrade"]);
    await new Promise<void>((resolve) => running.process.stderr?.once("data", () => resolve()));
    running.process.kill("SIGINT");
    const ended = await running.ended;
    expect(failure(ended)).toMatchObject({ code: "interrupted", exit: 2 });
    const [at = ""] = await project.rows();
    const done = Number(at.slice(1)) + 1;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(count);
    const tables = [...(await project.inspect()).tables.values()];
    expect(tables).toHaveLength(done);
    expect(readdirSync(project.folder).filter((name) => name.includes("lock"))).toEqual([]);
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual([id(count - 1)]);
    expect((await project.inspect()).tables.size).toBe(count);
  });

  test("SIGKILL leaves no lock behind, and the next run goes on", async () => {
    const project = await testProject("postgres", sleeping);
    const running = start(project.folder, ["upgrade"]);
    await untilAsleep(project.url);
    running.process.kill("SIGKILL");
    await running.ended;
    await project.execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%/* asleep */%' AND pid <> pg_backend_pid(); CREATE TABLE awake ()",
    );
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["cccc"]);
  });
});
