import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AludelError } from "../../error/error.js";
import type { Connection, ConnectOptions, Row, Server } from "../connection.js";
import { chooseDriver } from "./driver/choose.js";
import type { Bound, Database, Driver, Prepared } from "./driver/driver.js";
import { databaseError } from "./driver-error.js";
import { parseUrl, type SqliteUrl } from "./url.js";

/** A connection that also knows its file, for the lock beside it. */
export interface SqliteConnection extends Connection {
  /** Absolute path without symbolic links; `null` in memory. */
  readonly file: string | null;
  readonly driver: Driver;
}

/** True when the connection was made here. */
export function isSqliteConnection(connection: Connection): connection is SqliteConnection {
  return "driver" in connection && "file" in connection;
}

/** Statements with values that are kept prepared: the bookkeeping asks the same few again and again. */
const keptStatements = 32;

/**
 * Opens a SQLite database (see `parseUrl` for the URLs, `chooseDriver` for the drivers). Foreign keys are ON whatever
 * the driver's default, because a migration that breaks them should say so.
 *
 * `cancel` does nothing: every driver is synchronous, so that nothing can be asked for while a statement runs.
 * @throws AludelError `url-invalid`, `dependency-missing`, `database-not-found`, `database-unwritable`,
 * `connection-failed`, `lock-timeout`, `server-unsupported` (older than SQLite 3.38).
 */
export async function connect(url: string, options: ConnectOptions): Promise<SqliteConnection> {
  const parsed = parseUrl(url, options.directory);
  const driver = chooseDriver(options.directory);
  const mustExist = options.mustExist === true || parsed.mode !== "rwc";
  if (mustExist && parsed.path !== ":memory:" && !existsSync(parsed.path)) throw notFound(url, parsed.path);
  const database = open(driver, parsed, url);
  try {
    const server = readServer(database, driver);
    return session(url, parsed, driver, database, server);
  } catch (error) {
    database.close();
    throw databaseError(error, { target: url });
  }
}

function open(driver: Driver, parsed: SqliteUrl, url: string): Database {
  if (parsed.path !== ":memory:" && existsSync(parsed.path) && statSync(parsed.path).isDirectory()) {
    throw new AludelError("connection-failed", `${parsed.path} is a folder (${url})`, {
      remedy: "Let the URL name a file in it.",
    });
  }
  if (parsed.path !== ":memory:" && !existsSync(dirname(parsed.path))) {
    throw new AludelError(
      "database-unwritable",
      `The folder ${dirname(parsed.path)} does not exist (${url})`,
      {
        remedy: "Create the folder, or correct the path in the URL.",
      },
    );
  }
  let database: Database | null = null;
  try {
    database = driver.open(parsed.path);
    database.exec(`PRAGMA busy_timeout = ${parsed.busyTimeoutMs}`);
    database.exec("PRAGMA foreign_keys = ON");
    if (parsed.mode === "ro") database.exec("PRAGMA query_only = ON");
    // SQLite opens lazily: only a look into the file tells whether it is a database.
    database.prepare("SELECT count(*) FROM sqlite_schema").all([]);
    return database;
  } catch (error) {
    database?.close();
    throw databaseError(error, { target: url });
  }
}

function notFound(url: string, path: string): AludelError {
  return new AludelError("database-not-found", `There is no database at ${path} (${url})`, {
    remedy: "Look at the path in the URL; relative ones start at the folder of the configuration file.",
  });
}

/** 3045001 for 3.45.1, as `sqlite3_libversion_number` counts. */
function readServer(database: Database, driver: Driver): Server {
  const row = database.prepare("SELECT sqlite_version() AS version").all([])[0];
  const text = String(row?.["version"]);
  const [major = 0, minor = 0, patch = 0] = text.split(".").map(Number);
  const version = major * 1_000_000 + minor * 1000 + patch;
  if (version < 3_038_000) {
    throw new AludelError("server-unsupported", `SQLite ${text} (${driver.name}) is too old`, {
      remedy: "Update the driver, or Node itself, to one with SQLite 3.38 or newer.",
    });
  }
  return { product: `SQLite ${text}`, version };
}

function session(
  url: string,
  parsed: SqliteUrl,
  driver: Driver,
  database: Database,
  server: Server,
): SqliteConnection {
  const prepared = new Map<string, Prepared>();
  let counting: Prepared | undefined;
  let isOpen = true;

  const attempt = <T>(statement: string, work: () => T): T => {
    if (!isOpen) {
      throw new AludelError("connection-lost", `The connection is closed (${url})`, {
        where: { statement },
        remedy: "Open the database again.",
      });
    }
    try {
      return work();
    } catch (error) {
      throw databaseError(error, { statement, target: url });
    }
  };

  const prepare = (sql: string, keep: boolean): Prepared => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    if (keep && prepared.size < keptStatements) prepared.set(sql, statement);
    return statement;
  };

  return {
    dialect: "sqlite",
    server,
    target: url,
    driver,
    file: parsed.path === ":memory:" ? null : realpathSync(parsed.path),
    query: async (sql, parameters = []) =>
      attempt(sql, () =>
        prepare(sql, parameters.length > 0)
          .all(parameters.map(toBound))
          .map(fromRow),
      ),
    describe: async (statements) =>
      statements.map((sql) => {
        try {
          return { parameters: [], columns: attempt(sql, () => database.prepare(sql).columns()) };
        } catch (error) {
          if (error instanceof AludelError && error.code === "sql-failed") return error;
          throw error;
        }
      }),
    run: async (script) =>
      attempt(script, () => {
        // A script may change what a kept statement was prepared against.
        prepared.clear();
        database.exec(script);
      }),
    changedRows: async () => {
      const sql = "SELECT total_changes() AS n";
      const [row] = attempt(sql, () => {
        counting ??= database.prepare(sql);
        return counting.all([]);
      });
      return Number(row?.["n"] ?? 0);
    },
    cancel: async () => {},
    close: async () => {
      isOpen = false;
      prepared.clear();
      counting = undefined;
      database.close();
    },
  };
}

/** A JavaScript value as SQLite stores it; dates and JSON as `literal` writes them. */
export function toBound(value: unknown): Bound {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return JSON.stringify(value) ?? null;
}

/** Integers are numbers as long as a number holds all their digits. */
function fromRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== "bigint") return [name, value];
      const number = Number(value);
      return [name, Number.isSafeInteger(number) ? number : value];
    }),
  );
}
