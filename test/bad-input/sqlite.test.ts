import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspectUrl, on, revisions, testProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { command, failure } from "./cli.js";

const isRoot = process.getuid?.() === 0;
const config = (url: string) => ({ "aludel.config.json": JSON.stringify({ environments: { dev: url } }) });

/** The second revision writes 8 MB. */
const large = revisions(
  { id: "aaaa", up: 'await op.execute("CREATE TABLE a (t text)");' },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.execute("CREATE TABLE b (t blob)");
      for (let at = 0; at < 8; at += 1) await op.execute("INSERT INTO b VALUES (zeroblob(1000000))");`,
  },
);

/** A file system of 2 MB; `null` where none can be had. */
function smallDisk(): string | null {
  const folder = temporaryFolder();
  const disk = join(folder, "disk");
  mkdirSync(disk);
  if (!isRoot || spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).status !== 0)
    return null;
  // Before the folder is removed: what is registered last runs first.
  onTestFinished(() => void spawnSync("umount", ["-l", disk]));
  return disk;
}

describe("SQLite", () => {
  test("a full disk takes back the revision it happens in, and making room is enough", async ({ skip }) => {
    const disk = smallDisk();
    if (disk === null) return skip();
    const folder = temporaryFolder({ ...config(`sqlite:${disk}/dev.db`), ...large });
    const ended = await command(folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "database-unwritable", exit: 2 });
    expect(ended.stderr).toContain("The disk is full");
    expect(ended.stderr).toContain("Nothing of revision bbbb is applied: it was rolled back.");
    expect(failure(ended).remedy).toContain("make room");
    const schema = await inspectUrl(`sqlite:${disk}/dev.db`, folder);
    expect([...schema.tables.values()].map(({ name }) => name)).toEqual(["a"]);
    expect(spawnSync("mount", ["-o", "remount,size=40m", disk]).status).toBe(0);
    expect(await command(folder, "upgrade")).toMatchObject({ exit: 0 });
    const [row] = await on(`sqlite:${disk}/dev.db`, folder, (connection) =>
      connection.query("SELECT count(*) AS n FROM b"),
    );
    expect(row).toEqual({ n: 8 });
  });

  test("a database that may not grow", async () => {
    const project = await testProject(
      "sqlite",
      revisions({
        id: "aaaa",
        up: `await op.execute("PRAGMA max_page_count = 20"); await op.execute("CREATE TABLE b (t blob)");
          await op.execute("INSERT INTO b VALUES (zeroblob(1000000))");`,
      }),
    );
    const ended = await command(project.folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "database-unwritable", exit: 2 });
    expect((await project.inspect()).tables.size).toBe(0);
  });

  test("a file that is no database is left as it is", async () => {
    const folder = temporaryFolder({
      ...config("sqlite:dev.db"),
      ...large,
      "dev.db": "not a database, but somebody's text\n".repeat(40),
    });
    const ended = await command(folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "connection-failed", exit: 2 });
    expect(ended.stderr).toContain("not a SQLite database");
  });

  test("a folder that does not exist", async () => {
    const folder = temporaryFolder({ ...config("sqlite:data/dev.db"), ...large });
    const ended = await command(folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "database-unwritable", exit: 2 });
    expect(ended.stderr).toContain(join(folder, "data"));
    mkdirSync(join(folder, "data"));
    expect(await command(folder, "upgrade")).toMatchObject({ exit: 0 });
  });

  test("no file, for a command that only reads, makes none", async () => {
    const folder = temporaryFolder({ ...config("sqlite:dev.db"), ...large });
    for (const words of [["current"], ["downgrade", "base"]]) {
      expect(failure(await command(folder, ...words))).toMatchObject({ code: "database-not-found", exit: 2 });
    }
  });

  test("?mode=ro is refused before anything is tried", async () => {
    const project = await testProject("sqlite", large);
    await project.run("upgrade aaaa");
    const ended = await command(project.folder, "upgrade", "--url", "sqlite:dev.db?mode=ro");
    expect(failure(ended)).toMatchObject({ code: "database-unwritable", exit: 2 });
    expect(failure(ended).remedy).toContain("mode=ro");
    expect(await project.rows()).toEqual(["aaaa"]);
  });

  // Nothing is read-only to root, except a file system.
  test("a read-only folder", async ({ skip }) => {
    const project = await testProject("sqlite", large);
    await project.run("upgrade aaaa");
    if (isRoot) {
      if (spawnSync("mount", ["--bind", "-o", "ro", project.folder, project.folder]).status !== 0)
        return skip();
      onTestFinished(() => void spawnSync("umount", ["-l", project.folder]));
    } else {
      chmodSync(join(project.folder, "dev.db"), 0o444);
      chmodSync(project.folder, 0o555);
      onTestFinished(() => chmodSync(project.folder, 0o755));
    }
    const ended = await command(project.folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code: "database-unwritable", exit: 2 });
    expect(failure(ended).remedy).toContain("writ");
    expect(await command(project.folder, "current")).toMatchObject({ exit: 0 });
  });

  test("a database that another program keeps locked", async () => {
    const project = await testProject("sqlite", large);
    await project.run("upgrade aaaa");
    await on("sqlite:dev.db", project.folder, async (connection) => {
      await connection.run("BEGIN IMMEDIATE");
      const ended = await command(project.folder, "upgrade", "--url", "sqlite:dev.db?busy_timeout=200");
      expect(failure(ended)).toMatchObject({ code: "lock-timeout", exit: 2 });
      expect(failure(ended).remedy).toContain("busy_timeout");
      await connection.run("ROLLBACK");
    });
    expect(await project.rows()).toEqual(["aaaa"]);
    writeFileSync(join(project.folder, "other.txt"), "");
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
  });
});
