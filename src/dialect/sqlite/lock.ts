import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { setTimeout } from "node:timers/promises";
import { AludelError } from "../../error/error.js";
import type { Connection } from "../connection.js";
import type { Lock, LockOptions } from "../dialect.js";
import { isSqliteConnection } from "./connect.js";
import type { Database, Driver } from "./driver/driver.js";
import { databaseError, hasMoved, sqliteCode } from "./driver-error.js";
import { literal } from "./quote.js";

/** Between two tries; short against the time of any migration. */
const pauseMs = 100;

const nothing: Lock = { release: async () => {} };

/**
 * The right to migrate a database file, held as a write transaction on a small database beside it
 * (`<file>-aludel-lock`). SQLite has no advisory locks, but the operating system ends this one with the process,
 * however it dies. A committed row in it says who holds it: readers may read beside a writer.
 *
 * The holder removes the file before it lets go. Whoever waited on the removed file then holds a lock that nobody
 * else can see, which is why a lock counts only when its own mark is in the file that has the name now.
 * A database in memory has one user and needs no lock.
 * @throws AludelError `lock-timeout` with the holder, `database-unwritable` where the folder cannot be written.
 */
export async function lock(connection: Connection, options: LockOptions): Promise<Lock> {
  if (!isSqliteConnection(connection) || connection.file === null) return nothing;
  const { driver } = connection;
  const path = `${connection.file}-aludel-lock`;
  const deadline = performance.now() + options.timeoutMs;
  let told = false;
  for (;;) {
    const attempt = tryLock(driver, path, connection.target);
    if (attempt.held !== null) return withJournal(connection, attempt.held, path);
    if (performance.now() >= deadline) throw timeout(attempt.holder, options.timeoutMs);
    if (!told) options.onWait(attempt.holder);
    told = true;
    await setTimeout(Math.min(pauseMs, Math.max(1, deadline - performance.now())));
  }
}

async function withJournal(connection: Connection, held: Database, path: string): Promise<Lock> {
  // Without it everything is right, too, and slower: what the connection is in the way of is told by the first statement.
  const removeJournal = await keepJournal(connection).catch(() => null);
  return {
    async release() {
      await removeJournal?.().catch(() => undefined);
      release(held, path);
    },
  };
}

type Attempt = { readonly held: Database } | { readonly held: null; readonly holder: string };

function tryLock(driver: Driver, path: string, target: string): Attempt {
  let database: Database | null = null;
  try {
    database = driver.open(path);
    database.exec("PRAGMA busy_timeout = 0");
    // Who has it is told to those who run beside it: nothing of it is to outlive the machine, and the disk is not waited for.
    // This looks into the file, where somebody may be writing; then it stays as it was.
    succeeds(database, "PRAGMA synchronous = OFF");
    const mark = randomUUID();
    if (take(database, mark) && isCurrent(driver, path, mark)) return { held: database };
    const holder = readHolder(database);
    database.close();
    return { held: null, holder };
  } catch (error) {
    database?.close();
    // The holder has removed the file between the opening and the writing, and lets go now.
    if (hasMoved(error)) return { held: null, holder: "another process" };
    throw databaseError(error, { target });
  }
}

/**
 * Keeps the rollback journal from one commit to the next (https://www.sqlite.org/pragma.html#pragma_journal_mode): that every
 * revision makes one and removes it again takes longer than its statements. A commit is as durable as before. What a killed
 * process leaves is a journal that says nothing, which whoever writes next removes.
 */
async function keepJournal(connection: Connection): Promise<() => Promise<void>> {
  const mode = async () => String((await connection.query("PRAGMA journal_mode"))[0]?.["journal_mode"]);
  // Any other is what somebody chose, and one of them (WAL) is a property of the file.
  const isOurs = (await mode()) === "delete";
  if (isOurs) await connection.run("PRAGMA journal_mode = PERSIST");
  return async () => {
    // A revision may have chosen another meanwhile.
    if (isOurs && (await mode()) === "persist") await connection.run("PRAGMA journal_mode = DELETE");
  };
}

/** Runs the script; false when another connection is in the way. */
function succeeds(database: Database, script: string): boolean {
  try {
    database.exec(script);
    return true;
  } catch (error) {
    const code = sqliteCode(error);
    if (code === "SQLITE_BUSY" || code === "SQLITE_LOCKED") return false;
    throw error;
  }
}

/** Writes the mark, and holds the write transaction after it. Another may come in between: then it has the lock. */
function take(database: Database, mark: string): boolean {
  if (!succeeds(database, "BEGIN IMMEDIATE")) return false;
  const columns = "mark TEXT, pid INTEGER, host TEXT, user TEXT, since TEXT";
  const values = [mark, process.pid, hostname(), userName(), new Date().toISOString()].map(literal);
  database.exec(`CREATE TABLE IF NOT EXISTS holder (${columns});
DELETE FROM holder; INSERT INTO holder VALUES (${values.join(", ")})`);
  if (!succeeds(database, "COMMIT")) {
    // Somebody reads at this moment; the next try comes soon.
    database.exec("ROLLBACK");
    return false;
  }
  return succeeds(database, "BEGIN IMMEDIATE") && readMark(database) === mark;
}

function readMark(database: Database): unknown {
  return database.prepare("SELECT mark FROM holder").all([])[0]?.["mark"];
}

/** True when the file of this name is the one that was locked, and not one that was made after it was removed. */
function isCurrent(driver: Driver, path: string, mark: string): boolean {
  if (!existsSync(path)) return false;
  const other = driver.open(path);
  try {
    return readMark(other) === mark;
  } catch {
    return false;
  } finally {
    other.close();
  }
}

function readHolder(database: Database): string {
  try {
    const row = database.prepare("SELECT pid, host, user, since FROM holder").all([])[0];
    if (row !== undefined) {
      return `process ${row["pid"]} of ${row["user"]} on ${row["host"]}, since ${row["since"]}`;
    }
  } catch {
    // Not written yet, or just being written.
  }
  return "another process";
}

function release(database: Database, path: string): void {
  try {
    // Removed while it is still held, so that nobody else's file of this name can be hit. Windows refuses to remove
    // an open file; there it stays, empty of meaning.
    rmSync(path, { force: true });
  } catch {
    // The lock itself is given up below in any case.
  }
  try {
    database.close();
  } catch {
    // Closing twice is harmless.
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "an unknown user";
  }
}

function timeout(holder: string, timeoutMs: number): AludelError {
  const waited = timeoutMs === 0 ? "" : ` after ${Math.round(timeoutMs / 1000)} s`;
  return new AludelError("lock-timeout", `Another migration is running${waited}: ${holder}`, {
    remedy:
      "Wait until it is done, then run the command again. If that process is dead, its lock is gone with it.",
    data: { holder },
  });
}
