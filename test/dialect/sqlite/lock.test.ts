import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import type { Lock } from "../../../src/dialect/dialect.js";
import { connect, isSqliteConnection } from "../../../src/dialect/sqlite/connect.js";
import type { Driver } from "../../../src/dialect/sqlite/driver/driver.js";
import { lock } from "../../../src/dialect/sqlite/lock.js";
import { database, errorOf, named } from "./database.js";

const bookkeeping = { versionTable: named("version"), runLogTable: named("log") };
let folder = "";
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aludel-lock-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const open = (file = "a b.db") => connect(`sqlite:${encodeURIComponent(file)}`, { directory: folder });

async function take(timeoutMs: number, file?: string): Promise<{ lock: Lock; waited: readonly string[] }> {
  const waited: string[] = [];
  const taken = await lock(await open(file), { bookkeeping, timeoutMs, onWait: (who) => waited.push(who) });
  return { lock: taken, waited };
}

/** Another process that holds the lock; resolves when it says so. */
function hold(file: string, ...rest: readonly string[]): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "hold-lock.ts");
  const jiti = join(process.cwd(), "node_modules/jiti/lib/jiti-cli.mjs");
  const child = spawn(process.execPath, [jiti, script, `sqlite:${join(folder, file)}`, ...rest]);
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (data: Buffer) => {
      if (data.toString().includes("held")) resolve(child);
    });
    child.stderr?.on("data", (data: Buffer) => reject(new Error(data.toString())));
    child.on("exit", (code) => reject(new Error(`exit ${code}`)));
  });
}

describe("lock", () => {
  it("is held by one at a time, names its holder, and leaves no file behind", async () => {
    const first = await take(0);
    const error = await errorOf(take(0));
    expect(error.code).toBe("lock-timeout");
    expect(error.message).toContain(`process ${process.pid}`);
    await first.lock.release();
    await first.lock.release();
    expect(readdirSync(folder)).toEqual(["a b.db"]);
    const second = await take(0);
    await second.lock.release();
    expect(readdirSync(folder)).toEqual(["a b.db"]);
  });

  it("is the same for another path to the same file", async () => {
    const first = await take(0);
    symlinkSync(join(folder, "a b.db"), join(folder, "link.db"));
    expect((await errorOf(take(0, "link.db"))).code).toBe("lock-timeout");
    await first.lock.release();
  });

  it("does not stand in the way of the database itself", async () => {
    const first = await take(0);
    const other = await open();
    await other.run("CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1); COMMIT");
    await first.lock.release();
  });

  it("waits, tells once, and goes on when the holder is done", async () => {
    const first = await take(0);
    const waiting = Promise.all(
      [take(10_000), take(10_000), take(10_000)].map(async (one) => {
        const { lock: taken, waited } = await one;
        expect(waited).toHaveLength(1);
        holders += 1;
        expect(holders).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        holders -= 1;
        await taken.release();
      }),
    );
    let holders = 0;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(holders).toBe(0);
    await first.lock.release();
    await waiting;
    expect(existsSync(join(folder, "a b.db-aludel-lock"))).toBe(false);
  });

  it("ends with the process that held it, however it dies", async () => {
    const child = await hold("x.db");
    const error = await errorOf(take(0, "x.db"));
    expect(error.message).toContain(`process ${child.pid}`);
    child.kill("SIGKILL");
    const { lock: taken } = await take(5000, "x.db");
    await taken.release();
    expect(readdirSync(folder)).toEqual(["x.db"]);
  });

  it("is tried again by who has opened the file that its holder then removes", async () => {
    const connection = await open();
    if (!isSqliteConnection(connection)) throw new Error("not SQLite");
    const { driver } = connection;
    let opened = 0;
    const removing: Driver = {
      ...driver,
      open: (path) => {
        const file = driver.open(path);
        opened += 1;
        if (opened > 1) return file;
        file.exec("CREATE TABLE holder (mark TEXT)");
        rmSync(path);
        return file;
      },
    };
    const waited: string[] = [];
    const options = { bookkeeping, timeoutMs: 5000, onWait: (who: string) => waited.push(who) };
    const taken = await lock({ ...connection, driver: removing } as Connection, options);
    expect(waited).toEqual(["another process"]);
    await taken.release();
  });

  it("is nothing in memory", async () => {
    const options = { bookkeeping, timeoutMs: 0, onWait: () => {} };
    const one = await lock(await database(), options);
    const two = await lock(await database(), options);
    await one.release();
    await two.release();
  });
});
