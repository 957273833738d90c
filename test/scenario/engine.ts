import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { AludelError } from "../../src/error/error.js";
import type { DialectName } from "../../src/schema/name.js";
import { EmptiedDatabases } from "../server/emptied-databases.js";

/** An engine that a scenario runs on. `dialect` names the sections that speak of it. */
export interface Engine {
  readonly name: string;
  readonly dialect: DialectName;
  /** An empty database that outlives its sessions. */
  create(folder: string): Promise<Database>;
}

export interface Database {
  open(): Promise<Connection>;
  drop(): Promise<void>;
}

const emptied = new EmptiedDatabases();

/** A session that may be changed without the one behind it. */
function session(connection: Connection): Connection {
  const { queryCatalogue } = connection;
  return {
    ...connection,
    query: (sql, parameters) => connection.query(sql, parameters),
    run: (script) => connection.run(script),
    ...(queryCatalogue === undefined ? {} : { queryCatalogue: (sql) => queryCatalogue(sql) }),
  };
}

let made = 0;

export const sqlite: Engine = {
  name: "sqlite",
  dialect: "sqlite",
  create: async (folder) => {
    made += 1;
    const file = join(folder, `${made}.db`);
    return opened("sqlite", `file:${file}`, async () => rmSync(file, { force: true }));
  },
};

/** As `sqlite`, for one session: a database in memory is gone with it. */
export const sqliteInMemory: Engine = {
  name: "sqlite",
  dialect: "sqlite",
  create: async () => opened("sqlite", "sqlite::memory:", async () => undefined),
};

/**
 * A tablespace inside the server's own folder. It is the server's, and stays for the next scenario. One made at the same
 * time by another test is as good.
 */
let tablespace: Promise<void> | null = null;
async function makeTablespace(url: string): Promise<void> {
  const connection = await (await loadDialect("postgres")).connect(url, { directory: process.cwd() });
  try {
    const [row] = await connection.query(
      "SELECT count(*) AS n FROM pg_tablespace WHERE spcname = 'aludel_space'",
    );
    if (connection.server.version < 150_000 || Number(row?.["n"]) > 0) return;
    await connection.run("SET allow_in_place_tablespaces = on");
    await connection.run("CREATE TABLESPACE aludel_space LOCATION ''").catch((error: unknown) => {
      if (!String(error).includes("already exists")) throw error;
    });
  } finally {
    await connection.close();
  }
}

export const postgres: Engine = {
  name: "postgres",
  dialect: "postgres",
  create: async () => {
    const database = await emptied.take();
    tablespace ??= makeTablespace(database.url);
    await tablespace;
    const more = opened("postgres", database.url, () => emptied.give(database));
    let first: Connection | null = session(database.connection);
    return {
      open: async () => {
        const given = first ?? (await more.open());
        first = null;
        return given;
      },
      drop: () => more.drop(),
    };
  },
};

/** PostgreSQL in this process; a database there is gone with its session. */
export const pglite: Engine = {
  name: "pglite",
  dialect: "postgres",
  create: async () => opened("postgres", "pglite:", async () => undefined),
};

function opened(name: DialectName, url: string, drop: () => Promise<void>): Database {
  const sessions: Connection[] = [];
  return {
    open: async () => {
      const dialect = await loadDialect(name);
      const connection = await dialect.connect(url, { directory: process.cwd() });
      sessions.push(connection);
      return connection;
    },
    drop: async () => {
      for (const session of sessions) await session.close();
      await drop();
    },
  };
}

const majors = new Map<Engine, Promise<number>>();

/**
 * The engine's major version. A section `since` says which one a scenario needs at least, `texts-since` from which
 * one on PostgreSQL spells its texts as they are expected.
 */
export function majorOf(engine: Engine): Promise<number> {
  const major = majors.get(engine) ?? askMajor(engine);
  majors.set(engine, major);
  return major;
}

async function askMajor(engine: Engine): Promise<number> {
  const database = await engine.create(process.cwd());
  try {
    return Math.floor((await database.open()).server.version / 10_000);
  } finally {
    await database.drop();
  }
}

/** Calls `use` with a session on an empty database. */
export async function onEmpty<T>(
  engine: Engine,
  folder: string,
  use: (connection: Connection, database: Database) => Promise<T>,
): Promise<T> {
  const database = await engine.create(folder);
  try {
    return await use(await database.open(), database);
  } finally {
    await database.drop();
  }
}

/** The steps that go through a session from now on and stay, in a list that grows with them. */
export function recordSteps(connection: Connection, dialect: Dialect): readonly string[] {
  const statements: string[] = [];
  const run = connection.run.bind(connection);
  let kept = 0;
  connection.run = async (sql) => {
    if (sql === dialect.begin) kept = statements.length;
    if (sql === "ROLLBACK") statements.length = kept;
    if (isStep(sql, dialect)) statements.push(sql);
    await run(sql);
  };
  return statements;
}

/** Cuts a session off after the given number of steps, as when the process is killed. */
export function killAfter(connection: Connection, dialect: Dialect, steps: number): void {
  const run = connection.run.bind(connection);
  let left = steps;
  connection.run = async (sql) => {
    if (isStep(sql, dialect)) {
      if (left === 0) {
        await connection.close();
        throw new AludelError("connection-lost", "The session was killed", { remedy: "None: it is a test." });
      }
      left -= 1;
    }
    await run(sql);
  };
}

/** False for what the runner says beside the steps: transactions, its own tables, settings of the session. */
function isStep(sql: string, dialect: Dialect): boolean {
  const { off, on } = dialect.foreignKeySwitch ?? { off: null, on: null };
  if ([dialect.begin, "COMMIT", "ROLLBACK", off, on].includes(sql)) return false;
  if (/^PRAGMA journal_mode = (?:PERSIST|DELETE)$/.test(sql)) return false;
  // The transaction of a part of a backfill; its statement is a question and its answer.
  if (sql.startsWith(`${dialect.begin};`)) return false;
  return !/\baludel_(?:version|run_log|backfill)\b/.test(sql);
}
