import type { Environment } from "../../config/config.js";
import type { Restoration } from "../../dialect/backups.js";
import type { Connection } from "../../dialect/connection.js";
import { loadBackupDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import { bookkeepingOf } from "../../run/project.js";
import type { BackupOptions, BackupProject } from "./backup.js";
import { unfinished } from "./place.js";

export interface RestoreBackupOptions extends Pick<BackupOptions, "variables" | "signal" | "onWait"> {
  readonly lockTimeoutMs: number;
  /** What is in the database goes. */
  readonly replace: boolean;
  /** Leave out who owns what, and who may do what. */
  readonly withoutOwners: boolean;
}

/**
 * Reads a backup as far as that can be done without restoring it.
 *
 * @throws AludelError `dump-unreadable`, `backup-unavailable`.
 */
export async function verifyBackup(
  { config, dialect }: BackupProject,
  path: string,
  given: Pick<BackupOptions, "variables" | "signal">,
): Promise<void> {
  if (path.endsWith(unfinished)) {
    throw new AludelError("dump-unreadable", "This is what a backup left behind that was cut off", {
      where: { file: path },
      remedy: "Remove it, and take a backup that was finished.",
    });
  }
  await (await loadBackupDialect(dialect.name)).verify(path, { ...given, directory: config.root });
}

/**
 * Puts what a backup has into a database, all of it or nothing; no migration runs meanwhile. On SQLite the session is closed
 * then, because the file is another one.
 *
 * @throws AludelError `database-not-empty`, `restore-failed`, `dump-unreadable`, `lock-timeout`, `interrupted`.
 */
export async function restoreBackup(
  { config, dialect }: BackupProject,
  environment: Environment,
  connection: Connection,
  path: string,
  options: RestoreBackupOptions,
): Promise<Restoration> {
  const engine = await loadBackupDialect(dialect.name);
  const { lockTimeoutMs: timeoutMs, onWait, variables, signal } = options;
  const lock = await dialect.lock(connection, { bookkeeping: bookkeepingOf(config), timeoutMs, onWait });
  try {
    const there = await engine.contents(connection);
    if (there.length > 0 && !options.replace) throw notEmpty(there, connection.target);
    const target = { connection, url: environment.url, directory: config.root, variables, signal };
    return await engine.restore(target, path, { ...options, replace: there.length > 0 });
  } finally {
    await lock.release();
  }
}

const shownNames = 5;

function notEmpty(there: readonly string[], target: string): AludelError {
  const more = there.length > shownNames ? ` and ${there.length - shownNames} more` : "";
  return new AludelError("database-not-empty", `The database is not empty`, {
    where: { object: target },
    details: [`it has ${there.slice(0, shownNames).join(", ")}${more}`],
    remedy: "Nothing was changed. If the backup is to take its place, write --replace.",
  });
}
