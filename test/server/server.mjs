// Real PostgreSQL servers for tests, the demo and the benchmarks. Needs nothing but Node, and `pg` to make databases.
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Holds the folder through which all processes of a test run find their one server. */
const shareVariable = "ALUDEL_TEST_SERVER";
const keeperFile = fileURLToPath(new URL("./keeper.mjs", import.meta.url));

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/**
 * @param {string} folder
 * @param {number} owner
 * @param {Readonly<Record<string, string>>} settings
 */
function startKeeper(folder, owner, settings) {
  return fork(keeperFile, [folder, String(owner), JSON.stringify(settings)], {
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

/** @param {string} folder */
async function untilReady(folder) {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await pause(10)) {
    const failed = readJson(join(folder, "failed.json"));
    if (failed) throw new Error(failed.message);
    const ready = readJson(join(folder, "ready.json"));
    if (ready) return ready;
  }
  throw new Error("The PostgreSQL server for the tests was not ready after 90 seconds");
}

/**
 * @param {{ host: string, port: number, user: string, password: string }} at
 * @param {string} database
 */
function urlOf({ host, port, user, password }, database) {
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

/**
 * @param {string} url
 * @param {string} sql
 */
async function execute(url, sql) {
  const { default: pg } = await import("pg");
  const client = new pg.Client(url);
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** @param {{ host: string, port: number, user: string, password: string }} at */
async function createDatabase(at) {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const admin = urlOf(at, "postgres");
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    name,
    url: urlOf(at, name),
    drop: () => execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Prepares a run of many processes that share one server. Starts nothing: the first who needs the server does. */
export async function prepareSharedServer() {
  const folder = await mkdtemp(join(tmpdir(), "aludel-test-run-"));
  process.env[shareVariable] = `${folder}:${process.pid}`;
}

/** Stops the shared server if there is one. To be called by the process that called `prepareSharedServer`. */
export async function stopSharedServer() {
  const folder = process.env[shareVariable]?.replace(/:\d+$/, "");
  if (!folder) return;
  delete process.env[shareVariable];
  try {
    rmdirSync(folder); // empty: nobody has started a server
    return;
  } catch {
    const ready = await untilReady(folder).catch(() => null);
    if (ready) process.kill(ready.keeper, "SIGTERM");
    while (ready && readJson(join(folder, "ready.json"))) await pause(10);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @type {Promise<any> | undefined} */
let shared;

/** The server of this test run, started by the first who asks. Without a test run it is this process's own. */
export function sharedServer() {
  shared ??= (async () => {
    if (!process.env[shareVariable]) await prepareSharedServer();
    const [, folder = "", owner] = /^(.*):(\d+)$/.exec(process.env[shareVariable] ?? "") ?? [];
    try {
      mkdirSync(join(folder, "starting"));
      const keeper = startKeeper(folder, Number(owner), {});
      keeper.disconnect();
      keeper.unref();
      const { note } = await untilReady(folder);
      if (note) process.stderr.write(`${note}\n`);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const at = await untilReady(folder);
    return { ...at, url: urlOf(at, "postgres") };
  })();
  return shared;
}

/** A new empty database on the shared server. */
export async function createTestDatabase() {
  return createDatabase(await sharedServer());
}

/**
 * A server of one's own, to be stopped and started at will.
 *
 * @param {{ settings?: Readonly<Record<string, string>> }} options
 */
export async function startServer({ settings = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "aludel-test-own-"));
  const keeper = startKeeper(folder, process.pid, settings);
  const at = await untilReady(folder);
  if (at.note) process.stderr.write(`${at.note}\n`);
  keeper.unref();
  keeper.channel?.unref();
  let last = 0;
  /** @param {Record<string, unknown>} message */
  const ask = (message) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      /** @param {any} reply */
      const heard = (reply) => {
        if (reply.done !== id) return;
        finish(reply.failed ? new Error(reply.failed) : null);
      };
      const gone = () => finish(message.dispose ? null : new Error("The keeper of the server has ended"));
      /** @param {Error | null} error */
      const finish = (error) => {
        keeper.off("message", heard).off("exit", gone);
        keeper.unref();
        keeper.channel?.unref();
        if (error) reject(error);
        else resolve(undefined);
      };
      if (!keeper.connected) return resolve(undefined);
      keeper.ref();
      keeper.channel?.ref();
      keeper.on("message", heard).on("exit", gone);
      keeper.send({ id, ...message });
    });
  return {
    ...{ host: at.host, port: at.port, user: at.user, password: at.password },
    socketDirectory: at.socketDirectory,
    url: urlOf(at, "postgres"),
    createDatabase: () => createDatabase(at),
    /** @param {string} mode */
    stop: async (mode = "fast") => void (await ask({ stop: mode })),
    start: async () => void (await ask({ start: true })),
    dispose: async () => void (await ask({ dispose: true })),
  };
}
