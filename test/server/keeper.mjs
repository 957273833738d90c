// A process that owns one PostgreSQL server for the tests: it starts it, and ends it when its owner ends, however
// that happens. Run as `node keeper.mjs <folder> <pid of the owner> <settings as JSON>`; it writes `ready.json` or
// `failed.json` into the folder, and takes `{ stop: mode }`, `{ start: true }` and `{ dispose: true }` as messages.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chown, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { password, prepare, run, serverUser, user } from "./installation.mjs";

const [folder = "", owner = "", settingsText = "{}"] = process.argv.slice(2);
const signals = /** @type {const} */ ({ smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT" });

// Without fsync a crash of the machine loses data, one of the server does not; `synchronous_commit` must stay on for that.
const fastSettings = {
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
  jit: "off",
  shared_buffers: "64MB",
  max_connections: "200",
  max_wal_size: "512MB",
};

/** @type {import("node:child_process").ChildProcess | null} */
let child = null;
let port = 0;
/** @type {string} Holds the data, the log and the socket; readable for the server's user. */
let home = "";

function freePort() {
  return /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      const probe = createServer();
      probe.on("error", reject);
      probe.listen(0, "127.0.0.1", () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
      });
    })
  );
}

/**
 * @param {string} template
 * @param {string} to
 */
async function copyData(template, to) {
  // `cp` copies as the server's user, whose files these must be; where there is no such program nobody is root.
  if (process.platform === "win32") await cp(template, to, { recursive: true });
  else await run("cp", ["-R", "-p", template, to], home);
}

/** @param {string} bin */
async function start(bin) {
  const settings = {
    ...fastSettings,
    ...JSON.parse(settingsText),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: process.platform === "win32" ? "" : home,
  };
  const data = join(home, "data");
  const started = spawn(
    join(bin, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    { cwd: home, stdio: ["ignore", "ignore", "pipe"], ...serverUser() },
  );
  child = started;
  let log = "";
  started.stderr.on("data", (chunk) => (log = (log + chunk).slice(-20_000)));
  let ended = false;
  started.on("error", (error) => {
    ended = true;
    log += error.message;
  });
  started.on("exit", () => {
    ended = true;
    if (child === started) child = null;
  });
  for (;;) {
    if (ended) throw new Error(`PostgreSQL did not start: ${log.trim()}`);
    const state = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
    if (state.split("\n")[7]?.trim() === "ready") return;
    await pause(10);
  }
}

/**
 * @param {keyof typeof signals} mode
 * @param {string} bin
 */
async function stop(mode, bin) {
  const running = child;
  if (!running) return;
  const gone = new Promise((resolve) => running.once("exit", resolve));
  if (process.platform === "win32") {
    await run(join(bin, "pg_ctl"), ["stop", "-m", mode, "-D", join(home, "data")], home);
  } else running.kill(signals[mode]);
  await gone;
}

/** @param {string} bin */
async function dispose(bin) {
  await stop("immediate", bin);
  await rm(home, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

/**
 * @param {string} name
 * @param {unknown} content
 */
async function tell(name, content) {
  await writeFile(join(folder, `${name}.tmp`), JSON.stringify(content));
  await rename(join(folder, `${name}.tmp`), join(folder, name));
}

function ownerLives() {
  try {
    process.kill(Number(owner), 0);
    // A process that has ended, and nobody has taken notice, still has its number: `Z` in Linux.
    if (process.platform !== "linux") return true;
    return !/\) [ZX] /.test(readFileSync(`/proc/${owner}/stat`, "utf8"));
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

async function main() {
  const { bin, template, note } = await prepare();
  home = await mkdtemp(join(process.env.ALUDEL_TEST_DATA ?? tmpdir(), "aludel-test-"));
  const uids = serverUser();
  if (uids) await chown(home, uids.uid, uids.gid);
  process.on("SIGTERM", () => void dispose(bin));
  setInterval(() => {
    if (!ownerLives()) void dispose(bin);
  }, 250);

  await copyData(template, join(home, "data"));
  port = await freePort();
  await start(bin).catch(async () => {
    // Another process may have taken the port in between.
    port = await freePort();
    await start(bin);
  });
  await tell("ready.json", {
    ...{ host: "127.0.0.1", port, user, password, socketDirectory: home, note },
    keeper: process.pid,
  });

  process.on("message", async (/** @type {any} */ message) => {
    try {
      if (message.stop) await stop(message.stop, bin);
      if (message.start) await start(bin);
      if (message.dispose) await dispose(bin);
      process.send?.({ done: message.id, postmaster: child?.pid ?? null });
    } catch (error) {
      process.send?.({ done: message.id, failed: String(error) });
    }
  });
}

await mkdir(folder, { recursive: true });
main().catch(async (error) => {
  await tell("failed.json", { message: String(error?.message ?? error) });
  if (home) await rm(home, { recursive: true, force: true });
  process.exit(1);
});
