// Runs pg_dump on the databases that tests use: the program of the server that ALUDEL_TEST_POSTGRES names, else one
// that comes from npm as WebAssembly. The latter cannot open a connection, so this thread talks to the server for it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

const options = ["--schema-only", "--no-owner", "--no-privileges"];
const timeoutMs = 60_000;

/** @returns {string | null} The program next to the server that the tests were told to use. */
function programOfServer() {
  const folder = process.env.ALUDEL_TEST_POSTGRES;
  const file = folder && join(folder, process.platform === "win32" ? "pg_dump.exe" : "pg_dump");
  return file && existsSync(file) ? file : null;
}

async function programOfPackage() {
  try {
    return (await import("@electric-sql/pglite-tools/pg_dump")).pgDump;
  } catch {
    return null;
  }
}

/**
 * The program compiled, and held for as long as this process lives: the engine compiles the same bytes anew for each dump
 * once nobody holds them, which takes longer than the dump.
 *
 * @type {Promise<unknown> | null}
 */
let compiled = null;

function holdCompiled() {
  const besides = createRequire(import.meta.url).resolve("@electric-sql/pglite-tools/pg_dump");
  compiled ??= readFile(join(dirname(besides), "pg_dump.wasm")).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

/** Why no database can be dumped here; `null` when one can. For the names of tests that are skipped. */
export async function whyNoDump() {
  if (programOfServer() || (await programOfPackage())) return null;
  return "no pg_dump: @electric-sql/pglite-tools is not installed, and ALUDEL_TEST_POSTGRES names no folder with one";
}

/**
 * Says which message has come last to its end, of those that a client sends: its letter, `startup` for the first of
 * a session, which has none, and nothing while a message is not whole.
 */
function lastMessage() {
  let pending = Buffer.alloc(0);
  let started = false;
  return (/** @type {Uint8Array} */ bytes) => {
    pending = Buffer.concat([pending, bytes]);
    for (let last = ""; ; ) {
      const head = started ? 1 : 0;
      if (pending.length < head + 4) return last;
      const length = head + pending.readInt32BE(head);
      if (pending.length < length) return last;
      last = started ? String.fromCharCode(pending[0] ?? 0) : "startup";
      pending = pending.subarray(length);
      started = true;
    }
  };
}

/** @type {Worker[]} Those that are not connected: to start one takes as long as a small dump. */
const idle = [];

function takeWorker() {
  const worker = idle.pop() ?? new Worker(new URL("./socket.mjs", import.meta.url));
  worker.ref();
  return worker;
}

/**
 * A server in the place of the PGlite instance that the program talks to. It wants every answer at once, so this
 * thread stands still until the worker with the connection has it.
 *
 * @param {string} url
 */
function serverAsPglite(url) {
  const { hostname: host, port } = new URL(url);
  const { port1: here, port2: answers } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = takeWorker();
  worker.postMessage({ host, port: Number(port || 5432), answers, signal }, [answers]);
  const last = lastMessage();
  let received = 0;
  return {
    query: async () => ({ rows: [{ search_path: "public" }] }),
    exec: async () => [],
    /**
     * @param {Uint8Array} bytes
     * @param {{ onRawData(bytes: Uint8Array): void }} to
     */
    execProtocolRawStream(bytes, { onRawData }) {
      here.postMessage(Uint8Array.from(bytes));
      if (["", "X"].includes(last(bytes))) return;
      // The worker may wake this thread for an answer that was taken before it did.
      while (Atomics.load(signal, 0) === received)
        if (Atomics.wait(signal, 0, received, timeoutMs) === "timed-out")
          throw new Error("The server is silent");
      received++;
      onRawData(receiveMessageOnPort(here)?.message ?? new Uint8Array());
    },
    end() {
      here.close();
      worker.unref();
      idle.push(worker);
    },
  };
}

/**
 * @param {any} pglite
 * @param {readonly string[]} more
 */
async function runPackage(pglite, more) {
  const pgDump = await programOfPackage();
  if (!pgDump) throw new Error(String(await whyNoDump()));
  await holdCompiled();
  return (await pgDump({ pg: pglite, args: [...options, ...more] })).text();
}

/**
 * @param {string} file
 * @param {string} url
 */
function runProgram(file, url) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...options, "-d", url], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => (output += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk) => (complaint += chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`pg_dump ended with ${code}: ${complaint.trim()}`)),
    );
  });
}

/** @param {any} pglite */
export function dumpPglite(pglite) {
  return runPackage(pglite, []);
}

/** @param {string} url */
export async function dumpServer(url) {
  const file = programOfServer();
  if (file) return runProgram(file, url);
  const server = serverAsPglite(url);
  try {
    return await runPackage(server, ["-d", url]);
  } finally {
    server.end();
  }
}
