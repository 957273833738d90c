import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { on, revisions, type TestProject, testProject } from "../run/project.js";

const files = revisions({
  id: "aaaa",
  up: 'await op.createTable("persons", { name: t.text() });',
  down: 'await op.dropTable("persons");',
});

async function prepared(settings: object = {}): Promise<TestProject> {
  const project = await testProject("sqlite", files);
  const config = { environments: { production: { url: project.url, ...settings } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  // What is protected is looked at by the linter before.
  expect((await project.run(`upgrade --url ${project.url}?busy_timeout=4000`)).exit).toBe(0);
  await project.execute("INSERT INTO persons VALUES ('Ada'), ('Grace'), ('Edsger')");
  await project.execute("DELETE FROM persons WHERE name = 'Grace'");
  return project;
}

const persons = (project: TestProject) => project.query("SELECT rowid, name FROM persons ORDER BY rowid");

const backupsOf = ({ folder }: TestProject) =>
  existsSync(join(folder, "backups")) ? readdirSync(join(folder, "backups")) : [];

test("a backup is named, verified, only its owner's, and restored in the place of what is there", async () => {
  const project = await prepared();
  const { exit, answer } = await project.json("backup");
  expect(exit).toBe(0);
  expect(answer).toMatchObject({ verified: true, name: expect.stringMatching(/^aaaa_\d{8}T\d{6}Z_dev$/) });
  const path = String(answer["path"]);
  expect(backupsOf(project)).toEqual([`${String(answer["name"])}.db`]);
  expect(answer["bytes"]).toBe(statSync(path).size);
  expect(answer["restore"]).toBe(`aludel restore ${path} --env production --replace`);
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);

  await project.execute("INSERT INTO persons VALUES ('Mallory'); CREATE TABLE extra (x)");
  const mode = statSync(join(project.folder, "dev.db")).mode;
  const refused = await project.json(`restore ${path}`);
  expect(refused).toMatchObject({ exit: 2, answer: { error: { code: "database-not-empty" } } });
  expect(await persons(project)).toHaveLength(3);

  const restored = await project.json(`restore ${path} --replace`);
  expect(restored).toMatchObject({ exit: 0, answer: { rows: ["aaaa"], left: [] } });
  expect(await persons(project)).toEqual([
    { rowid: 1, name: "Ada" },
    { rowid: 3, name: "Edsger" },
  ]);
  expect((await project.inspect()).tables.size).toBe(1);
  expect(statSync(join(project.folder, "dev.db")).mode).toBe(mode);
  expect(readdirSync(project.folder).filter((name) => /aludel-(restore|lock)/.test(name))).toEqual([]);
});

test("two backups of one second do not overwrite each other; an empty database takes one without a word", async () => {
  const project = await prepared();
  const both = [await project.json("backup"), await project.json("backup")];
  expect(new Set(both.map(({ answer }) => answer["path"])).size).toBe(2);
  const path = String(both[0]?.answer["path"]);
  const { exit, stdout } = await project.run(`restore ${path} --url sqlite:new.db`);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringMatching(/^Restored in .*; sqlite:new\.db is at aaaa\.\n$/),
  });
});

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

test("of a database with a write-ahead log nothing of the log is left to be played back", async () => {
  // A session that a driver has not let go of yet would be one of the others, hence processes of their own.
  const { folder } = await testProject("sqlite", files);
  const node = (words: readonly string[]) =>
    spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8", timeout: 30_000 });
  const alone = (...words: readonly string[]) => {
    const { status, stdout, stderr } = node(words);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return stdout;
  };
  const driver = JSON.stringify(createRequire(import.meta.url).resolve("libsql"));
  const asked = (text: string) =>
    `const d = new (require(${driver}))("dev.db"); console.log(JSON.stringify(d.prepare(${JSON.stringify(text)}).raw().all()))`;
  const sql = (text: string) => alone("-e", asked(text));
  alone(main, "upgrade");
  sql("PRAGMA journal_mode = WAL");
  const { path } = JSON.parse(alone(main, "backup", "--json")) as { path: string };
  // Who ends in order leaves no log behind.
  node([
    "-e",
    `${asked("INSERT INTO persons VALUES ('Mallory') RETURNING name")}; process.kill(process.pid, "SIGKILL")`,
  ]);
  expect(statSync(join(folder, "dev.db-wal")).size).toBeGreaterThan(0);
  alone(main, "restore", path, "--replace");
  expect(sql("SELECT count(*) FROM persons").trim()).toBe("[[0]]");
  expect(sql("PRAGMA journal_mode").trim()).toBe('[["wal"]]');
});

test("while others have the database open its file is not replaced", async () => {
  const project = await prepared();
  await project.execute("PRAGMA journal_mode = WAL");
  const { answer } = await project.json("backup");
  await on(`${project.url}?busy_timeout=0`, project.folder, async (other) => {
    await other.query("SELECT * FROM persons");
    const { exit, answer: refused } = await project.json(
      `restore ${String(answer["path"])} --replace --url sqlite:dev.db?busy_timeout=50`,
    );
    expect({ exit, refused }).toMatchObject({ exit: 2, refused: { error: { code: "lock-timeout" } } });
    expect(await other.query("SELECT count(*) AS n FROM persons")).toEqual([{ n: 2 }]);
  });
  expect(await project.query("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
});

test("what is no backup is refused before anything else happens", async () => {
  const project = await prepared({ protected: true });
  const { answer } = await project.json("backup");
  const whole = readFileSync(String(answer["path"]));
  project.write("cut.db", "");
  project.write("text.db", "not a database, but long enough to be looked at");
  writeFileSync(join(project.folder, "torn.db"), whole.subarray(0, whole.length - 4096));
  project.write("x.db.17.partial", whole.toString("latin1"));
  for (const file of ["none.db", "cut.db", "text.db", "torn.db", "x.db.17.partial"]) {
    const { exit, answer: refused } = await project.json(`restore ${file} --replace --confirm production`);
    expect(exit, file).toBe(2);
    expect(refused, file).toMatchObject({ error: { code: "dump-unreadable" } });
  }
  const unmeant = await project.json(`restore ${String(answer["path"])} --replace`);
  expect(unmeant).toMatchObject({ exit: 2, answer: { error: { code: "environment-protected" } } });
  expect(await persons(project)).toHaveLength(2);
});

test("a backup that fails leaves nothing, and none is made while a migration runs", async () => {
  const project = await prepared();
  project.write("backups", "a file where the folder would be");
  const blocked = await project.json("backup");
  expect(blocked).toMatchObject({ exit: 2, answer: { error: { code: "file-unwritable" } } });
  project.remove("backups");
  const { sqlite } = await import("../../src/dialect/sqlite/sqlite.js");
  await on(project.url, project.folder, async (runner) => {
    const bookkeeping = {
      versionTable: { namespace: null, name: "aludel_version" },
      runLogTable: { namespace: null, name: "aludel_run_log" },
    };
    const lock = await sqlite.lock(runner, { bookkeeping, timeoutMs: 0, onWait: () => undefined });
    const waiting = await project.json("backup --lock-timeout 0");
    expect(waiting).toMatchObject({ exit: 2, answer: { error: { code: "lock-timeout" } } });
    await lock.release();
    // Somebody writes without an end: what was begun is removed.
    await runner.run("BEGIN EXCLUSIVE");
    const locked = await project.json("backup --url sqlite:dev.db?busy_timeout=10");
    expect(locked.exit).toBe(2);
    await runner.run("ROLLBACK");
  });
  expect(backupsOf(project)).toEqual([]);
});

test("commands of the user's own make it, look at it, and are what is printed", async () => {
  const script = (body: string) => `node -e '${body}' {name}`;
  const backup = {
    create: script('require("fs").writeFileSync("made", process.argv[1])'),
    verify: script('process.exit(require("fs").readFileSync("made", "utf8") === process.argv[1] ? 0 : 3)'),
    restore: "cloud snapshots restore {name}",
  };
  const project = await prepared({ backup });
  const { exit, answer } = await project.json("backup");
  const name = readFileSync(join(project.folder, "made"), "utf8");
  expect({ exit, answer }).toMatchObject({
    exit: 0,
    answer: { name, path: null, bytes: null, restore: `cloud snapshots restore ${name}`, verified: true },
  });

  const failing = { ...backup, verify: 'echo "no snapshot: postgres://me:hunter2@db/x"; exit 3' };
  const other = await prepared({ backup: failing });
  const { exit: failed, stderr } = await other.run("backup");
  expect(failed).toBe(2);
  expect(stderr).toContain("backup-failed");
  expect(stderr).toContain("no snapshot: postgres://me:***@db/x");
});

test("mistakes in the settings are told with what to write", async () => {
  const project = await testProject("sqlite", files);
  const backup = { when: "sometimes", foldr: "x", jobs: 0 };
  const smoke = [
    { http: "ftp://x" },
    { query: "SELECT 1", write: "x" },
    { comand: "x" },
    { http: "http://x", stats: 1 },
  ];
  const config = {
    environments: {
      a: { url: project.url, backup, smoke },
      b: { url: project.url, backup: { create: "x" } },
    },
  };
  project.write("aludel.config.json", JSON.stringify(config));
  const { answer } = await project.json("backup --env a");
  const { details } = answer["error"] as { details: readonly string[] };
  expect(details.join("\n")).toMatchInlineSnapshot(`
    "environments.a.backup.when: found a text; write "destructive", "always" or "never"
    environments.a.backup.jobs: found a number; write a number of tables that are dumped at once, 1 or more
    environments.a.backup.foldr: found a key that the configuration does not have; did you mean "folder"?
    environments.a.smoke.0.http: found a text; write a URL, "https://app.example.com/health"
    environments.a.smoke.1: found an object; write one of { http }, { query }, { write }, { command } for each check
    environments.a.smoke.2: found an object; write one of { http }, { query }, { write }, { command } for each check
    environments.a.smoke.3.stats: found a key that the configuration does not have; did you mean "status"?
    environments.b.backup.verify: found nothing; write the command that ends with 0 when the backup {name} can be restored, too
    environments.b.backup.restore: found nothing; write the line that restores the backup {name}, too; it is shown, and not run"
  `);
});
