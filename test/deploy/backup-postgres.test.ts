import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runningDumps, waitForDumps } from "../../src/deploy/backup/dumps.js";
import { aludel } from "../cli/run.js";
import { on, revisions } from "../run/project.js";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";

/** A folder with pg_dump and pg_restore, and one with a server that is not newer. */
function programs(): { readonly clients: string; readonly server: string | null } | null {
  const chosen = process.env["ALUDEL_TEST_POSTGRES"];
  const versions = "/usr/lib/postgresql";
  const folders = [
    ...(chosen === undefined ? [] : [chosen]),
    ...(existsSync(versions)
      ? readdirSync(versions)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(versions, version, "bin"))
      : []),
  ];
  const has = (folder: string, name: string) => existsSync(join(folder, name));
  const all = folders.find((folder) =>
    ["pg_dump", "pg_restore", "postgres"].every((name) => has(folder, name)),
  );
  return all === undefined ? null : { clients: all, server: all };
}

const found = programs();
const why = found === null ? " (SKIPPED: no folder with pg_dump and a server of its version)" : "";

const files = revisions({
  id: "aaaa",
  up: 'await op.createTable("Order \\"x\\"", { id: t.integer(), note: t.text() });',
  down: "",
});

const password = "s3cret@/:pass";

describe.skipIf(found === null)(`backups of PostgreSQL${why}`, () => {
  let server: TestServer;
  let variables: NodeJS.ProcessEnv = {};
  beforeAll(async () => {
    if (found?.server !== null) vi.stubEnv("ALUDEL_TEST_POSTGRES", found?.server);
    variables = { ...process.env, PATH: [found?.clients, process.env["PATH"]].join(delimiter) };
    server = await startServer();
    await on(server.url, "/", (root) =>
      root.run(`CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '${password}'`),
    );
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.dispose();
  });

  /** A database with a name and a user that need care, in which one revision ran. */
  async function prepared(database: string, settings: object = {}) {
    await on(server.url, "/", (root) => root.run(`CREATE DATABASE "${database}"`));
    const url = `postgres://keeper:${encodeURIComponent(password)}@${server.host}:${server.port}/${encodeURIComponent(database)}`;
    const environments = { production: { url, ...settings } };
    const folder = temporaryFolder({ "aludel.config.json": JSON.stringify({ environments }), ...files });
    const run = async (...words: readonly string[]) => {
      const result = await aludel(folder, [...words, "--json"], { variables });
      expect(`${result.stdout}${result.stderr}`).not.toMatch(/s3cret/);
      return { ...result, answer: JSON.parse(result.stdout) as Record<string, unknown> };
    };
    const query = (sql: string) => on(url, folder, (connection) => connection.query(sql));
    expect((await run("upgrade")).exit).toBe(0);
    await query(`INSERT INTO "Order ""x""" SELECT n, 'note ' || n FROM generate_series(1, 1000) AS n`);
    return { folder, url, run, query };
  }

  const rows = `SELECT count(*)::int AS n FROM "Order ""x"""`;

  test("one file: made, refused where something is, put in its place whole", async () => {
    const project = await prepared("app dbname='x'");
    const { exit, answer } = await project.run("backup");
    expect({ exit, answer }).toMatchObject({
      exit: 0,
      answer: { verified: true, name: expect.stringMatching(/^aaaa_\d{8}T\d{6}Z_app-dbname-x$/) },
    });
    const path = String(answer["path"]);
    expect(readdirSync(join(project.folder, "backups"))).toEqual([`${String(answer["name"])}.dump`]);
    await project.query(`DELETE FROM "Order ""x"""`);
    await project.query("CREATE TABLE later (id int)");
    const refused = await project.run("restore", path);
    expect(refused).toMatchObject({ exit: 2, answer: { error: { code: "database-not-empty" } } });
    expect(await project.query(rows)).toEqual([{ n: 0 }]);
    const restored = await project.run("restore", path, "--replace");
    expect(restored).toMatchObject({ exit: 0, answer: { rows: ["aaaa"], left: ["public.later"] } });
    expect(await project.query(rows)).toEqual([{ n: 1000 }]);
    // What stands in the way undoes all of it.
    await project.query(`DELETE FROM "Order ""x""" WHERE id > 10`);
    await project.query(`CREATE VIEW v AS SELECT * FROM "Order ""x"""`);
    const failed = await project.run("restore", path, "--replace");
    expect(failed).toMatchObject({ exit: 2, answer: { error: { code: "restore-failed" } } });
    expect(await project.query(rows)).toEqual([{ n: 10 }]);
  });

  test("a folder, dumped by several at once, into an empty database", async () => {
    const project = await prepared("parallel", { backup: { jobs: 2, folder: "kept" } });
    const { answer } = await project.run("backup");
    expect(String(answer["path"])).toMatch(/kept.aaaa_\d{8}T\d{6}Z_parallel\.dir$/);
    expect(answer["bytes"]).toBeGreaterThan(1000);
    const other = await on(server.url, "/", async (root) => {
      await root.run("CREATE DATABASE other");
      return project.url.replace(/parallel$/, "other");
    });
    const restored = await project.run("restore", String(answer["path"]), "--url", other);
    expect(restored).toMatchObject({ exit: 0, answer: { rows: ["aaaa"], left: [] } });
    await on(other, "/", async (connection) => expect(await connection.query(rows)).toEqual([{ n: 1000 }]));
  });

  test("a program that is missing, too old, or failing makes no backup", async () => {
    const project = await prepared("refusals");
    const fake = (body: string) => {
      const folder = temporaryFolder();
      for (const name of ["pg_dump", "pg_restore"]) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
        chmodSync(join(folder, name), 0o755);
      }
      return `${folder}${delimiter}/bin`;
    };
    const version = 'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 99.1"; exit 0; fi';
    const cases = [
      [temporaryFolder(), "backup-unavailable", /not in the PATH/],
      [
        fake('echo "pg_dump (PostgreSQL) 9.6.24"'),
        "backup-unavailable",
        /pg_dump is version 9, and the server \d+/,
      ],
      [fake(`${version}\necho "no room" >&2; exit 1`), "backup-failed", /exit 1/],
      [
        fake(`${version}\nif [ "$1" = --list ]; then echo "damaged" >&2; exit 1; fi`),
        "backup-failed",
        /is none/,
      ],
    ] as const;
    for (const [PATH, code, said] of cases) {
      const { exit, stdout } = await aludel(project.folder, ["backup", "--json"], {
        variables: { ...variables, PATH },
      });
      expect(exit).toBe(2);
      const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
      expect(error.code).toBe(code);
      expect(error.message).toMatch(said);
    }
    const PATH = fake(`${version}\nexec sleep 60`);
    const signal = AbortSignal.timeout(1500);
    const stopped = await aludel(project.folder, ["backup"], { variables: { ...variables, PATH }, signal });
    expect(stopped.exit).not.toBe(0);
    expect(stopped.stderr).toContain("pg_dump was interrupted");
    const folder = join(project.folder, "backups");
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  test("who dumps is seen, and waited for", async () => {
    const project = await prepared("dumped");
    await on(project.url, "/", async (connection) => {
      expect(await runningDumps(connection)).toEqual([]);
      await on(project.url, "/", async (locker) => {
        // The dump waits for the table, for as long as it is needed.
        await locker.run(`BEGIN; LOCK TABLE "Order ""x""" IN ACCESS EXCLUSIVE MODE`);
        const dump = spawn("pg_dump", ["--file=/dev/null", "--dbname", project.url], {
          env: variables,
          stdio: "ignore",
        });
        const ended = new Promise((resolve) => dump.on("close", resolve));
        await vi.waitUntil(async () => (await runningDumps(connection)).length > 0, { timeout: 20_000 });
        expect(await runningDumps(connection)).toEqual([expect.stringMatching(/application "pg_dump"/)]);
        const signal = new AbortController().signal;
        const onWait = vi.fn();
        await expect(waitForDumps(connection, { timeoutMs: 0, signal, onWait })).rejects.toMatchObject({
          code: "lock-timeout",
        });
        const waiting = waitForDumps(connection, { timeoutMs: 20_000, signal, onWait });
        await locker.run("ROLLBACK");
        await Promise.all([waiting, ended]);
      });
    });
  });
});
