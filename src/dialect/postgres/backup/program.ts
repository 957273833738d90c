import { spawn } from "node:child_process";
import { AludelError } from "../../../error/error.js";
import { redact } from "../../../error/redact.js";
import type { BackupTarget } from "../../backups.js";
import { parsePostgresUrl } from "../url.js";

export type ProgramName = "pg_dump" | "pg_restore";

type Given = Pick<BackupTarget, "variables" | "signal">;

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** So much of what a program says is kept. */
const keptCharacters = 4_000_000;

/**
 * Runs one of PostgreSQL's own programs, found in the PATH.
 *
 * @throws AludelError `backup-unavailable` when it is not there, `interrupted`.
 */
export async function runProgram(
  name: ProgramName,
  words: readonly string[],
  { variables, signal }: Given,
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(name, words, { env: variables, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      if (said[stream].length < keptCharacters) said[stream] += text;
    });
  }
  const stop = () => void child.kill();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    }).catch((cause: unknown) => {
      throw missing(name, cause);
    });
    if (signal.aborted) throw interrupted(name);
    return { code, ...said };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function interrupted(name: ProgramName): AludelError {
  return new AludelError("interrupted", `${name} was interrupted`, {
    remedy: "Nothing of it was kept. Run the same command again.",
  });
}

function missing(name: ProgramName, cause: unknown): AludelError {
  return new AludelError("backup-unavailable", `${name} is not in the PATH`, {
    remedy:
      "Install the programs of PostgreSQL in the version of the server (on Debian postgresql-client), or put their folder into PATH.",
    data: { program: name },
    cause,
  });
}

/**
 * The major version of a program: 18.
 *
 * @throws AludelError `backup-unavailable`.
 */
export async function majorVersionOf(name: ProgramName, given: Given): Promise<number> {
  const { code, stdout } = await runProgram(name, ["--version"], given);
  const [, major] = /\(PostgreSQL\)\s+(\d+)/.exec(stdout) ?? [];
  if (code === 0 && major !== undefined) return Number(major);
  throw new AludelError("backup-unavailable", `${name} in the PATH does not say which version it is`, {
    details: [stdout.trim()].filter((line) => line !== ""),
    remedy: "See that it is the program of PostgreSQL.",
  });
}

/**
 * The environment in which libpq connects to the very server that the session is on. A password is in it and nowhere else:
 * the words of a command line can be read by everybody on the machine.
 *
 * Source: PostgreSQL manual, "Environment Variables" (libpq-envars).
 *
 * @throws AludelError `url-invalid`, `backup-unavailable` for what libpq takes from no variable.
 */
export function connectionVariables({
  connection,
  url,
  directory,
  variables,
}: BackupTarget): NodeJS.ProcessEnv {
  const target = parsePostgresUrl(url, { directory });
  // Of several hosts that a URL names, the session is on one.
  const [{ host, port } = { host: "localhost", port: 5432 }] = parsePostgresUrl(
    connection.target,
    { directory },
    {},
  ).hosts;
  const { tls } = target;
  if (tls.keyPassword !== null) {
    throw new AludelError("backup-unavailable", "The key of the connection has a password of its own", {
      remedy:
        "The programs of PostgreSQL take it from no variable: use a key without one, or set `backup.create`.",
    });
  }
  const optional = {
    PGPASSWORD: target.password,
    PGOPTIONS: target.serverOptions,
    PGSSLROOTCERT: tls.rootCertificate,
    PGSSLCERT: tls.certificate,
    PGSSLKEY: tls.key,
    PGSSLMINPROTOCOLVERSION: tls.minimumVersion,
    PGSSLMAXPROTOCOLVERSION: tls.maximumVersion,
    PGSSLNEGOTIATION: tls.direct ? "direct" : null,
    PGCHANNELBINDING: target.channelBinding === "prefer" ? null : target.channelBinding,
    PGCONNECT_TIMEOUT:
      target.connectTimeoutMs === 0 ? null : String(Math.ceil(target.connectTimeoutMs / 1000)),
  };
  // What they say is in the target already.
  const inherited = Object.entries(variables).filter(([name]) => !/^PG[A-Z]+$/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: target.user,
    PGDATABASE: target.database,
    PGPASSFILE: target.passwordFile,
    PGSSLMODE: tls.mode,
    PGGSSENCMODE: "disable",
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

/** The last lines that a program has said, safe to print. */
export function lastLines({ stdout, stderr }: Ended): readonly string[] {
  return redact(`${stdout}\n${stderr}`)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-10);
}
