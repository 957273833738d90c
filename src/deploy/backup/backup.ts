import { resolve } from "node:path";
import type { BackupCommands } from "../../config/backup-config.js";
import type { Environment } from "../../config/config.js";
import type { BackupDialect, DumpOptions } from "../../dialect/backups.js";
import type { Connection } from "../../dialect/connection.js";
import { loadBackupDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import { bookkeepingOf, type Project } from "../../run/project.js";
import { readVersions } from "../../run/version-table.js";
import { runCommandLine } from "../command-line.js";
import { backupName } from "./name.js";
import { makePlace, sizeOf } from "./place.js";
import { restoreLine } from "./restore-line.js";

/** A backup that was made and looked at. Plain data, for records. */
export interface Backup {
  /** Revision, time (UTC) and database: `4f2a91c04b7d_20261122T092530Z_app`. */
  readonly name: string;
  /** Absolute; `null` where a command of the user's own has made it. */
  readonly path: string | null;
  /** `null` where a command of the user's own has made it. */
  readonly bytes: number | null;
  readonly milliseconds: number;
  /** The line that restores it, for a person. */
  readonly restore: string;
  /** What is not verified is no backup: it is thrown away, and told as an error. */
  readonly verified: true;
}

export interface BackupOptions {
  /** Milliseconds to wait for the right to migrate, and for tables that are locked; `null`: the caller has the right already. */
  readonly lockTimeoutMs: number | null;
  /** What other programs are started with. */
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Called once when it has to wait for a runner, with who that is. */
  readonly onWait: (holder: string) => void;
  /** Instead of what the environment says. */
  readonly folder?: string | undefined;
  readonly jobs?: number | undefined;
}

/** What is needed of a project to back its databases up: no revision is read. */
export type BackupProject = Pick<Project, "config" | "dialect">;

/** How long a dump waits for a table when the caller has the right to migrate. */
const tableTimeoutMs = 60_000;

/**
 * Backs the database of an environment up, and looks at the backup. No migration runs meanwhile. What is not finished is
 * removed; what has the name of a backup is one.
 *
 * @throws AludelError `backup-unavailable` before anything is made, `backup-failed`, `lock-timeout`, `file-unwritable`,
 * `interrupted`.
 */
export async function makeBackup(
  project: BackupProject,
  environment: Environment,
  connection: Connection,
  options: BackupOptions,
): Promise<Backup> {
  const { config, dialect } = project;
  const { jobs, commands } = environment.backup;
  const engine = await loadBackupDialect(dialect.name);
  const dump: DumpOptions = {
    jobs: options.jobs ?? jobs,
    lockTimeoutMs: options.lockTimeoutMs ?? tableTimeoutMs,
  };
  const target = {
    connection,
    url: environment.url,
    directory: config.root,
    variables: options.variables,
    signal: options.signal,
  };
  if (commands === null) await engine.prepare(target, dump);
  const bookkeeping = bookkeepingOf(config);
  const { lockTimeoutMs: timeoutMs, onWait } = options;
  const lock = timeoutMs === null ? null : await dialect.lock(connection, { bookkeeping, timeoutMs, onWait });
  try {
    const started = performance.now();
    const rows = (await readVersions(connection, dialect, bookkeeping)) ?? [];
    const { database } = await dialect.identify(connection);
    const name = backupName(rows, new Date(), database.replace(/\.(?:db|sqlite3?)$/, ""));
    const made =
      commands === null
        ? await makeFile(
            engine,
            target,
            dump,
            resolve(config.root, options.folder ?? environment.backup.folder),
            name,
          )
        : await makeByCommands(commands, name, target);
    const restore =
      made.path === null ? made.restore : restoreLine(made.path, environment, connection.target);
    const milliseconds = Math.round(performance.now() - started);
    return { name, path: made.path, bytes: made.bytes, milliseconds, restore, verified: true };
  } finally {
    await lock?.release();
  }
}

type Target = Parameters<BackupDialect["dump"]>[0];

type Made =
  | { readonly path: string; readonly bytes: number }
  | { readonly path: null; readonly bytes: null; readonly restore: string };

async function makeFile(
  engine: BackupDialect,
  target: Target,
  dump: DumpOptions,
  folder: string,
  name: string,
): Promise<Made> {
  const place = makePlace(folder, name, engine.ending(dump), engine.isFolder(dump));
  try {
    await engine.dump(target, place.temporary, dump);
    await engine.verify(place.temporary, target).catch((error: unknown) => {
      throw unverified(error);
    });
    const path = place.keep();
    return { path, bytes: sizeOf(path) };
  } finally {
    place.clear();
  }
}

/** What was just written and cannot be read is the fault of the backup. */
function unverified(error: unknown): unknown {
  if (!(error instanceof AludelError) || error.code !== "dump-unreadable") return error;
  return new AludelError("backup-failed", `The backup was written, and is none: ${error.message}`, {
    details: error.details,
    remedy: "It was removed. See that the disk is sound and has room, and run the same command again.",
    cause: error,
  });
}

async function makeByCommands(commands: BackupCommands, name: string, target: Target): Promise<Made> {
  const withName = (line: string) => line.replaceAll("{name}", name);
  for (const step of ["create", "verify"] as const) {
    const line = withName(commands[step]);
    const { code, said } = await runCommandLine(line, target);
    if (code === 0) continue;
    if (target.signal.aborted) {
      throw new AludelError("interrupted", `\`backup.${step}\` was interrupted`, {
        remedy: `What there is of ${name} is no backup. Run the same command again.`,
      });
    }
    throw new AludelError(
      "backup-failed",
      `The command \`${line}\` of \`backup.${step}\` failed (${code === null ? "it was stopped" : `exit ${code}`})`,
      {
        details: said,
        remedy: `${step === "create" ? "There is no backup" : `${name} is no backup that can be relied on`}. Mend what it says, and run the same command again.`,
        data: { name },
      },
    );
  }
  return { path: null, bytes: null, restore: withName(commands.restore) };
}
