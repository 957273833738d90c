// The database of the demo, as an application would open it: with Drizzle and a driver, beside Aludel.
import { join } from "node:path";
import { createTestDatabase, stopSharedServer } from "../../../test/server/server.mjs";

/**
 * @typedef {object} Database
 * @property {string} url What Aludel is given.
 * @property {string} description
 * @property {readonly string[]} notes What a person should know.
 * @property {<T>(work: (db: any) => Promise<T>) => Promise<T>} use Opens the database with Drizzle for some work.
 * @property {(table: string) => Promise<readonly string[]>} columns Asked of the engine itself.
 */

/** @type {Promise<{ url: string } | { failed: string }> | undefined} */
let server;

/**
 * Starts the PostgreSQL server without waiting for it.
 *
 * @param {(one: { dispose: () => Promise<void> }) => unknown} keep is told what is to be removed
 */
export function startServer(keep) {
  keep({ dispose: stopSharedServer });
  server = createTestDatabase().catch((error) => ({
    failed: error instanceof Error ? error.message : String(error),
  }));
}

/**
 * @param {"sqlite" | "postgres"} engine
 * @param {string} folder
 * @returns {Promise<Database>}
 */
export async function openDatabase(engine, folder) {
  if (engine === "sqlite") return openSqlite(folder);
  const started = (await server) ?? { failed: "it was not started" };
  return "url" in started ? onServer(started.url) : onPglite(folder, started.failed);
}

/**
 * @param {string} folder
 * @returns {Promise<Database>}
 */
async function openSqlite(folder) {
  const [{ default: Client }, { drizzle }] = await Promise.all([
    import("libsql"),
    import("drizzle-orm/sqlite-proxy"),
  ]);
  /** @type {<T>(work: (client: any) => T | Promise<T>) => Promise<T>} */
  const open = async (work) => {
    const client = new Client(join(folder, "clinic.db"));
    try {
      client.exec("PRAGMA foreign_keys = ON");
      return await work(client);
    } finally {
      client.close();
    }
  };
  return {
    url: "sqlite:./clinic.db",
    description: "a file",
    notes: [],
    use: (work) =>
      open((client) =>
        work(
          drizzle(async (sql, parameters, method) => {
            const statement = client.prepare(sql);
            if (method === "run") {
              statement.run(...parameters);
              return { rows: [] };
            }
            const rows = statement.raw(true).all(...parameters);
            return { rows: method === "get" ? rows[0] : rows };
          }),
        ),
      ),
    columns: (table) =>
      open((client) =>
        client
          .prepare("SELECT name FROM pragma_table_info(?)")
          .all(table)
          .map((/** @type {{ name: string }} */ row) => row.name),
      ),
  };
}

const columnsOfTable =
  "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1";

/**
 * @param {string} url
 * @returns {Promise<Database>}
 */
async function onServer(url) {
  const [{ default: pg }, { drizzle }] = await Promise.all([
    import("pg"),
    import("drizzle-orm/node-postgres"),
  ]);
  /** @type {<T>(work: (client: any) => Promise<T>) => Promise<T>} */
  const open = async (work) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const version = await open(
    async (client) => (await client.query("SHOW server_version")).rows[0].server_version,
  );
  return {
    url,
    description: `a server, ${version}`,
    notes: [],
    use: (work) => open((client) => work(drizzle(client))),
    columns: (table) =>
      open(async (client) =>
        (await client.query(columnsOfTable, [table])).rows.map(
          (/** @type {{ column_name: string }} */ row) => row.column_name,
        ),
      ),
  };
}

/**
 * PGlite in a folder: the same engine, but one process at a time, which suits a demo.
 *
 * @param {string} folder
 * @param {string} reason
 * @returns {Promise<Database>}
 */
async function onPglite(folder, reason) {
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("drizzle-orm/pglite"),
  ]);
  /** @type {<T>(work: (client: any) => Promise<T>) => Promise<T>} */
  const open = async (work) => {
    const client = await PGlite.create(join(folder, "clinic.pglite"));
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  };
  return {
    url: "pglite:./clinic.pglite",
    description: "PGlite in a folder",
    notes: [
      `There is no PostgreSQL server to be had here: ${reason}.`,
      "So this runs on PGlite, which is PostgreSQL in this process.",
    ],
    use: (work) => open((client) => work(drizzle(client))),
    columns: (table) =>
      open(async (client) =>
        (await client.query(columnsOfTable, [table])).rows.map(
          (/** @type {{ column_name: string }} */ row) => row.column_name,
        ),
      ),
  };
}
