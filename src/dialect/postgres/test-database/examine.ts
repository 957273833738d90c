import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { AludelError } from "../../../error/error.js";
import type { Connection } from "../../connection.js";
import type { Disposal, ExamineOptions, TestTemplate } from "../../test-databases.js";
import { isLocal, openBeside, showHosts } from "../database-admin.js";
import { folderOf, isDatabase, restoreFolder } from "../pglite-session.js";
import { quoteIdentifier } from "../quote.js";
import { type PostgresTarget, parsePostgresUrl, showTarget } from "../url.js";
import { parseTestName } from "./names.js";
import { templateData } from "./pglite.js";
import { placeOf, serverDatabases } from "./server.js";

/** Databases that a server cannot do without, and those that its programs expect. */
const systemDatabases = new Set(["postgres", "template0", "template1"]);

/** See `TestDialect.examine`. */
export async function examine(url: string, options: ExamineOptions): Promise<Disposal> {
  if (/^pglite:/i.test(url)) return examineFolder(url, options);
  const connectOptions = { directory: options.directory, applicationName: "aludel test-db" };
  const target = parsePostgresUrl(url, connectOptions);
  const told = tellByName(target, options);
  const [host] = target.hosts;
  const shown = host === undefined ? target.database : showTarget(target, host);
  // Nobody connects to a database that must not be touched anyway.
  if (told?.verdict === "refused") return refused(shown, told.reason);
  const admin = await openBeside(target, connectOptions);
  try {
    const found = told ?? (await tellByConnection(admin, target));
    const [row] = await admin.query(
      `SELECT count(*)::float8 AS sessions FROM pg_catalog.pg_stat_activity
WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()`,
      [target.database],
    );
    return {
      ...found,
      target: shown,
      sessions: Number(row?.["sessions"]),
      dispose: (template) => dispose(admin, target, url, options, template),
      close: () => admin.close(),
    };
  } catch (thrown) {
    await admin.close();
    throw thrown;
  }
}

type Told = Pick<Disposal, "verdict" | "reason">;

function refused(target: string, reason: string): Disposal {
  return {
    verdict: "refused",
    reason,
    target,
    sessions: 0,
    dispose: () => Promise.reject(new Error("A database that is refused is not thrown away")),
    close: async () => {},
  };
}

/** What the names of database and server say; `null` when only the server can tell. */
function tellByName(target: PostgresTarget, { scratchUrl, directory }: ExamineOptions): Told | null {
  if (systemDatabases.has(target.database)) {
    return { verdict: "refused", reason: `"${target.database}" belongs to the server itself` };
  }
  const isOurs = parseTestName(target.database);
  if (isOurs?.kind === "test" || isOurs?.kind === "kept") {
    return { verdict: "scratch", reason: "it was made for tests" };
  }
  const isServer = scratchUrl !== null && !/^pglite:/i.test(scratchUrl);
  if (isServer && showHosts(target) === showHosts(parsePostgresUrl(scratchUrl, { directory }))) {
    return { verdict: "scratch", reason: "the configuration names its server as `scratch`" };
  }
  return isLocal(target) ? null : { verdict: "refused", reason: `${showHosts(target)} is not this machine` };
}

/** A local address may be the end of a tunnel to anywhere. */
async function tellByConnection(admin: Connection, target: PostgresTarget): Promise<Told> {
  if ((await admin.isDirect?.()) === true) {
    return { verdict: "local", reason: "its server is on this machine" };
  }
  const reason = `${showHosts(target)} passes on what is said to it (a tunnel, a proxy, a container), and where to is not known`;
  return { verdict: "refused", reason };
}

async function dispose(
  admin: Connection,
  target: PostgresTarget,
  url: string,
  { directory }: ExamineOptions,
  template: TestTemplate | null,
): Promise<void> {
  const name = quoteIdentifier(target.database);
  if (template === null) return admin.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  const options = { directory, applicationName: "aludel test-db" };
  const databases = serverDatabases(placeOf(target, url, options));
  try {
    // The copy is made first: a revision that fails must not cost the database.
    const made = await databases.create(template, { keep: true });
    await admin.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.run(`ALTER DATABASE ${quoteIdentifier(made.name)} RENAME TO ${name}`);
    // What was not made for tests does not become that by being made anew.
    if (parseTestName(target.database) === null) await admin.run(`COMMENT ON DATABASE ${name} IS NULL`);
  } finally {
    await databases.close();
  }
}

async function examineFolder(url: string, { directory }: ExamineOptions): Promise<Disposal> {
  const folder = folderOf(url, directory);
  if (folder === null) {
    throw new AludelError("usage", "A database in memory is gone with its process", {
      remedy: "Name a folder: pglite:./folder.",
    });
  }
  const isOther = existsSync(folder) && !isDatabase(folder);
  return {
    verdict: isOther ? "refused" : "local",
    reason: isOther ? `${folder} is no PGlite database` : "it is a folder on this machine",
    target: `pglite:${folder}`,
    sessions: 0,
    dispose: async (template) => {
      const data = template === null ? null : await templateData(template, directory);
      await rm(folder, { recursive: true, force: true });
      if (data === null) return;
      await mkdir(folder, { recursive: true });
      await restoreFolder(folder, data, directory);
    },
    close: async () => {},
  };
}
