import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../src/dialect/sqlite/connect.js";
import { isMissingTable } from "../../../src/dialect/sqlite/driver-error.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { parseUrl } from "../../../src/dialect/sqlite/url.js";
import { database, errorOf } from "./database.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aludel-sqlite-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("parseUrl", () => {
  it.each([
    ["sqlite:./x.db", "/root/x.db"],
    ["sqlite:x.db", "/root/x.db"],
    ["sqlite:../x.db", "/x.db"],
    ["sqlite:/abs/x.db", "/abs/x.db"],
    ["sqlite:///abs/x.db", "/abs/x.db"],
    ["sqlite://localhost/abs/x.db", "/abs/x.db"],
    ["SQLite:/abs/na%20me%3F.db", "/abs/na me?.db"],
    ["file:x.db", "/root/x.db"],
    ["file:///abs/x.db", "/abs/x.db"],
    ["sqlite::memory:", ":memory:"],
    ["sqlite:", ":memory:"],
    ["file::memory:", ":memory:"],
    ["sqlite:x.db?mode=memory", ":memory:"],
  ])("%s is %s", (url, path) => {
    expect(parseUrl(url, "/root").path).toBe(path);
  });

  it("reads the options", () => {
    expect(parseUrl("sqlite:x?mode=ro&busy_timeout=250", "/")).toEqual({
      path: "/x",
      mode: "ro",
      busyTimeoutMs: 250,
    });
    expect(parseUrl("sqlite:x", "/")).toEqual({ path: "/x", mode: "rwc", busyTimeoutMs: 5000 });
  });

  it.each([
    ["sqlite:x?cache=shared", /cache is not known/],
    ["sqlite:x?mode=rx", /mode=rx is none of/],
    ["sqlite:x?busy_timeout=-1", /not a number/],
    ["sqlite://data/x.db", /a server \(data\)/],
    ["sqlite:%zz", /%25/],
    ["postgres:x", /does not start with/],
  ])("%s is refused", async (url, message) => {
    const error = await errorOf(Promise.resolve().then(() => parseUrl(url, "/")));
    expect(error.code).toBe("url-invalid");
    expect(error.message).toMatch(message);
  });
});

describe("connect", () => {
  it("uses node:sqlite where Node has it, and libsql otherwise, without a warning", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    const db = await database();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const builtIn = major > 22 || (major === 22 && minor >= 13);
    expect(db.driver.name).toBe(builtIn ? "node:sqlite" : "libsql");
    expect(warnings).toEqual([]);
    expect(db.server.product).toMatch(/^SQLite 3\.\d+\.\d+$/);
    expect(db.server.version).toBeGreaterThan(3_038_000);
  });

  it("has foreign keys on and waits for other processes", async () => {
    const db = await database();
    expect(await db.query("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
    expect(await db.query("PRAGMA busy_timeout")).toEqual([{ timeout: 5000 }]);
  });

  it("keeps every digit of an integer, and what type a value is", async () => {
    const db = await database("CREATE TABLE t (a)");
    const values = [9007199254740993n, -(2n ** 63n), 42, 1.5, "x", null, true, Buffer.from([1, 255])];
    for (const value of values) await db.query("INSERT INTO t VALUES (?)", [value]);
    expect(await db.query("SELECT a, typeof(a) AS t FROM t")).toMatchObject([
      { a: 9007199254740993n, t: "integer" },
      { a: -(2n ** 63n), t: "integer" },
      { a: 42, t: "integer" },
      { a: 1.5, t: "real" },
      { a: "x", t: "text" },
      { a: null, t: "null" },
      { a: 1, t: "integer" },
      { t: "blob" },
    ]);
    await db.query("INSERT INTO t VALUES (?)", [new Date(0)]);
    await db.query("INSERT INTO t VALUES (?)", [{ a: [1] }]);
    expect(await db.query("SELECT a FROM t ORDER BY rowid DESC LIMIT 2")).toEqual([
      { a: '{"a":[1]}' },
      { a: "1970-01-01T00:00:00.000Z" },
    ]);
  });

  it("keeps statements usable when the schema changes under them", async () => {
    const db = await database("CREATE TABLE t (a)");
    const ask = () => db.query("SELECT * FROM t WHERE 1 = ?", [1]);
    await db.query("INSERT INTO t VALUES (?)", [1]);
    expect(await ask()).toEqual([{ a: 1 }]);
    await db.run("ALTER TABLE t ADD COLUMN b DEFAULT 2");
    expect(await ask()).toEqual([{ a: 1, b: 2 }]);
    await db.query("ALTER TABLE t ADD COLUMN c DEFAULT 3");
    expect(await ask()).toEqual([{ a: 1, b: 2, c: 3 }]);
  });

  it("gives rows of RETURNING and of pragmas, and none for others", async () => {
    const db = await database("CREATE TABLE t (a)");
    expect(await db.query("INSERT INTO t VALUES (1) RETURNING a")).toEqual([{ a: 1 }]);
    expect(await db.query("UPDATE t SET a = 2")).toEqual([]);
    expect(await db.query("PRAGMA user_version")).toEqual([{ user_version: 0 }]);
    expect(await db.query("BEGIN")).toEqual([]);
    await db.cancel();
  });

  it("makes a file, unless it must exist", async () => {
    const missing = await errorOf(connect("sqlite:./none.db", { directory: folder, mustExist: true }));
    expect(missing.code).toBe("database-not-found");
    expect((await errorOf(connect("sqlite:./none.db?mode=ro", { directory: folder }))).code).toBe(
      "database-not-found",
    );
    expect((await errorOf(connect("sqlite:./none.db?mode=rw", { directory: folder }))).code).toBe(
      "database-not-found",
    );
    const db = await connect("sqlite:./one.db", { directory: folder });
    await db.run("CREATE TABLE t (a)");
    await db.close();
    await db.close();
    expect((await errorOf(db.query("SELECT 1"))).code).toBe("connection-lost");
    const again = await connect(pathToFileURL(join(folder, "one.db")).href, {
      directory: "/",
      mustExist: true,
    });
    expect(await again.query("SELECT count(*) AS n FROM t")).toEqual([{ n: 0 }]);
    expect(again.file).toMatch(/one\.db$/);
    await again.close();
  });

  it("writes nothing with mode=ro", async () => {
    await (await connect("sqlite:./ro.db", { directory: folder })).run("CREATE TABLE t (a)");
    const db = await connect("sqlite:./ro.db?mode=ro", { directory: folder });
    expect((await errorOf(db.run("INSERT INTO t VALUES (1)"))).code).toBe("database-unwritable");
    await db.close();
  });

  it("tells a file that is no database, a folder, and a folder that is not there", async () => {
    writeFileSync(
      join(folder, "text.db"),
      "this is not a database, it only has a long text in it. ".repeat(40),
    );
    mkdirSync(join(folder, "folder.db"));
    expect((await errorOf(connect("sqlite:text.db", { directory: folder }))).code).toBe("connection-failed");
    expect((await errorOf(connect("sqlite:folder.db", { directory: folder }))).code).toBe(
      "connection-failed",
    );
    expect((await errorOf(connect("sqlite:no/where.db", { directory: folder }))).code).toBe(
      "database-unwritable",
    );
  });

  it("tells a lock of another connection", async () => {
    const one = await connect("sqlite:./busy.db", { directory: folder });
    await one.run("CREATE TABLE t (a); BEGIN IMMEDIATE");
    const other = await connect("sqlite:./busy.db?busy_timeout=1", { directory: folder });
    const error = await errorOf(other.run("INSERT INTO t VALUES (1)"));
    expect(error.code).toBe("lock-timeout");
    expect(error.where.statement).toBe("INSERT INTO t VALUES (1)");
    await one.close();
    await other.close();
  });

  it("tells what SQLite said, with the statement", async () => {
    const db = await database("CREATE TABLE t (a INT CHECK (a > 0) UNIQUE NOT NULL)");
    const missing = await errorOf(db.query("SELECT * FROM nope"));
    expect(missing).toMatchObject({
      code: "sql-failed",
      message: "no such table: nope",
      where: { statement: "SELECT * FROM nope" },
    });
    expect(isMissingTable(missing)).toBe(true);
    const check = await errorOf(db.run("INSERT INTO t VALUES (0)"));
    expect(check.message).toBe("CHECK constraint failed: a > 0");
    expect(check.data).toMatchObject({ sqliteCode: "SQLITE_CONSTRAINT" });
    expect(isMissingTable(check)).toBe(false);
  });

  it("opens a scratch database in memory", async () => {
    const scratch = await sqlite.openScratch({ url: null, environmentUrl: null, directory: folder });
    expect(scratch.description).toMatch(/^SQLite 3\.\d+\.\d+ in memory$/);
    await scratch.dispose();
    await scratch.dispose();
  });
});
