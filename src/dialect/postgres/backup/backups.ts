import { statSync } from "node:fs";
import { AludelError, messageOf } from "../../../error/error.js";
import { type ObjectName, showName } from "../../../schema/name.js";
import type { BackupDialect, BackupTarget } from "../../backups.js";
import type { Connection } from "../../connection.js";
import { describeSession, sessionColumns } from "../describe-session.js";
import { contents, tablesOf } from "./contents.js";
import { connectionVariables, lastLines, majorVersionOf, type ProgramName, runProgram } from "./program.js";

const dumping = `SELECT ${sessionColumns}
FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
  AND a.backend_type = 'client backend'
  AND (a.application_name ~ '^pg_dump(all)?$' OR a.state = 'active' AND a.query ~* '^\\s*copy\\M.*\\mto\\s+stdout\\M')
ORDER BY a.xact_start`;

/** pg_dump and pg_restore, from the PATH. Source: PostgreSQL manual, "pg_dump", "pg_restore". */
export const backups: BackupDialect = {
  ending: ({ jobs }) => (jobs > 1 ? ".dir" : ".dump"),
  isFolder: ({ jobs }) => jobs > 1,
  async prepare(target) {
    requireServer(target.connection);
    await requireVersion("pg_dump", target);
    // Without it a backup could be made, and not be looked at.
    await majorVersionOf("pg_restore", target);
  },
  async dump(target, path, { jobs, lockTimeoutMs }) {
    const form = jobs > 1 ? ["--format=directory", `--jobs=${jobs}`] : ["--format=custom"];
    const words = [...form, `--file=${path}`, "--no-password"];
    // A table that somebody has locked would be waited for without an end.
    if (lockTimeoutMs > 0) words.push(`--lock-wait-timeout=${lockTimeoutMs}`);
    const ended = await runProgram("pg_dump", words, { ...target, variables: connectionVariables(target) });
    if (ended.code === 0) return;
    throw new AludelError("backup-failed", `pg_dump failed (exit ${ended.code})`, {
      where: { object: target.connection.target },
      details: lastLines(ended),
      remedy: "Nothing of it was kept. Mend what it says, and run the same command again.",
    });
  },
  async verify(path, given) {
    const archive = await listArchive(path, given);
    if (archive.length > 0) return;
    throw unreadable(path, "There is nothing in it", []);
  },
  contents,
  async restore(target, path, { replace, withoutOwners }) {
    requireServer(target.connection);
    await majorVersionOf("pg_restore", target);
    const archived = tableLines(await listArchive(path, target));
    const words = [
      ...["--single-transaction", "--exit-on-error", "--no-password"],
      ...(replace ? ["--clean", "--if-exists"] : []),
      ...(withoutOwners ? ["--no-owner", "--no-privileges"] : []),
    ];
    const variables = connectionVariables(target);
    const ended = await runProgram(
      "pg_restore",
      [...words, `--dbname=${connectionString(variables["PGDATABASE"] ?? "")}`, path],
      { ...target, variables },
    );
    if (ended.code !== 0) {
      throw new AludelError("restore-failed", `pg_restore failed (exit ${ended.code})`, {
        where: { file: path, object: target.connection.target },
        details: lastLines(ended),
        remedy:
          "Nothing was changed: it runs in one transaction. If something that the backup does not have stands on what it has, drop that first; if a role is missing, make it, or use --no-owner.",
      });
    }
    const tables = await tablesOf(target.connection);
    const isArchived = (table: ObjectName) =>
      archived.some((line) => line.startsWith(`TABLE ${table.namespace} ${table.name} `));
    return { left: tables.filter((table) => !isArchived(table)).map(showName) };
  },
  async dumping(connection) {
    return (await connection.query(dumping)).map(describeSession);
  },
};

function requireServer({ target }: Connection): void {
  if (!/^pglite:/i.test(target)) return;
  throw new AludelError("backup-unavailable", "pg_dump and pg_restore cannot connect to PGlite", {
    where: { object: target },
    remedy:
      "Copy its folder while nothing has it open, or set `backup.create`, `verify` and `restore` of the environment.",
  });
}

/** A program that is older than the server does not know all that the server has. */
async function requireVersion(name: ProgramName, target: BackupTarget): Promise<void> {
  const major = await majorVersionOf(name, target);
  const server = Math.floor(target.connection.server.version / 10_000);
  if (major >= server) return;
  throw new AludelError("backup-unavailable", `${name} is version ${major}, and the server ${server}`, {
    where: { object: target.connection.target },
    remedy: `Install the programs of PostgreSQL ${server} or newer (on Debian postgresql-client-${server}), and put their folder first in PATH.`,
    data: { program: name, version: major, server },
  });
}

/** The lines of `pg_restore --list`, without its comments: a line for each thing that the archive has. */
async function listArchive(
  path: string,
  given: Pick<BackupTarget, "variables" | "signal">,
): Promise<readonly string[]> {
  try {
    statSync(path);
  } catch (error) {
    throw unreadable(path, messageOf(error), []);
  }
  const ended = await runProgram("pg_restore", ["--list", path], given);
  if (ended.code !== 0) throw unreadable(path, "pg_restore cannot read it", lastLines(ended));
  return ended.stdout.split("\n").filter((line) => /^\d+;/.test(line));
}

/** `215; 1259 16386 TABLE public persons app` → `TABLE public persons app`. */
function tableLines(archive: readonly string[]): readonly string[] {
  return archive
    .map((line) => line.replace(/^\d+; \d+ \d+ /, ""))
    .filter((line) => /^TABLE (?!DATA |ATTACH )/.test(line));
}

/** A name that is only a name, whatever it has in it. Source: PostgreSQL manual, "Connection Strings". */
function connectionString(database: string): string {
  return `dbname='${database.replace(/[\\']/g, "\\$&")}'`;
}

function unreadable(path: string, because: string, details: readonly string[]): AludelError {
  return new AludelError("dump-unreadable", `The backup cannot be read: ${because}`, {
    where: { file: path },
    details,
    remedy:
      "See that it is whole, that pg_dump has made it (a custom or directory format), and that pg_restore is at least as new as that pg_dump.",
  });
}
