import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import type { BackupDialect, BackupTarget } from "../backups.js";
import type { Connection } from "../connection.js";
import { isSqliteConnection } from "./connect.js";
import { chooseDriver } from "./driver/choose.js";
import { literal } from "./quote.js";

/**
 * `VACUUM INTO` instead of the backup functions of the drivers: every driver has it, and it reads one moment of the database
 * in one transaction, while those copy page by page and begin anew as often as somebody writes. The copy has the same rowids.
 *
 * Source: SQLite, "VACUUM", "PRAGMA integrity_check".
 */
export const backups: BackupDialect = {
  ending: () => ".db",
  isFolder: () => false,
  prepare: async () => undefined,
  async dump({ connection }, path) {
    await connection.run(`VACUUM INTO ${literal(path)}`).catch((error: unknown) => {
      if (!(error instanceof AludelError)) throw error;
      throw new AludelError("backup-failed", `The database could not be copied: ${error.message}`, {
        where: { object: connection.target, file: path },
        remedy: error.remedy,
        cause: error,
      });
    });
    // SQLite itself does not wait until the copy is on the disk.
    sync(path);
  },
  async verify(path, { directory }) {
    check(path, directory);
  },
  async contents(connection) {
    const rows = await connection.query(
      "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type <> 'table', name",
    );
    return rows.map(({ name }) => String(name));
  },
  async restore(target, path) {
    const { connection, directory } = target;
    const file = isSqliteConnection(connection) ? connection.file : null;
    if (file === null) {
      throw new AludelError("backup-unavailable", "A database in memory has no file to put a backup into", {
        remedy: "Let the URL name a file.",
      });
    }
    const copy = `${file}-aludel-restore`;
    try {
      copyFileSync(path, copy);
      chmodSync(copy, statSync(file).mode);
      check(copy, directory);
      await replace(target, copy, file);
    } finally {
      rmSync(copy, { force: true });
    }
    return { left: [] };
  },
  // Who else has the file open it does not know.
  dumping: async () => [],
};

/** @throws AludelError `dump-unreadable`. */
function check(path: string, directory: string): void {
  const driver = chooseDriver(directory);
  let found: readonly string[];
  try {
    // Opening a file that is not there would make it.
    if (statSync(path).size === 0) throw new Error("the file is empty");
    const database = driver.open(path);
    try {
      found = database
        .prepare("PRAGMA integrity_check(10)")
        .all([])
        .map((row) => String(Object.values(row)[0]));
    } finally {
      database.close();
    }
  } catch (error) {
    throw unreadable(path, messageOf(error), []);
  }
  if (found.join() !== "ok") throw unreadable(path, "integrity_check finds mistakes in it", found);
}

function unreadable(path: string, because: string, details: readonly string[]): AludelError {
  return new AludelError("dump-unreadable", `The backup cannot be read: ${because}`, {
    where: { file: path },
    details,
    remedy: "See that it is a whole database of SQLite, or take another backup.",
  });
}

/** Puts the copy in the place of the file at once. The connection is closed. */
async function replace({ connection }: BackupTarget, copy: string, file: string): Promise<void> {
  const [mode] = await connection.query("PRAGMA journal_mode");
  const hasLog = mode?.["journal_mode"] === "wal";
  try {
    // A write-ahead log that stays behind would be played back into the file that comes. To end it needs everybody else gone.
    if (hasLog) await connection.query("PRAGMA journal_mode = DELETE");
    await connection.run("BEGIN EXCLUSIVE");
  } catch (error) {
    if (hasLog) await connection.query("PRAGMA journal_mode = WAL").catch(() => undefined);
    throw isOpenElsewhere(error, connection);
  }
  if (hasLog) await setMode(connection, copy);
  sync(copy);
  // Windows does not replace a file that is open.
  if (process.platform === "win32") await connection.close();
  renameSync(copy, file);
  sync(dirname(file));
  await connection.close();
}

async function setMode(connection: Connection, copy: string): Promise<void> {
  if (!isSqliteConnection(connection)) return;
  const database = connection.driver.open(copy);
  try {
    database.prepare("PRAGMA journal_mode = WAL").all([]);
  } finally {
    database.close();
  }
}

function isOpenElsewhere(error: unknown, { target }: Connection): unknown {
  if (!(error instanceof AludelError) || error.code !== "lock-timeout") return error;
  return new AludelError("lock-timeout", "Others have the database open", {
    where: { object: target },
    remedy: "Nothing was changed. Stop what uses it, and run the same command again.",
    cause: error,
  });
}

/** Waits until it is on the disk. */
function sync(path: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
