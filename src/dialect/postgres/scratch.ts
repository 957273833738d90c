import { randomBytes } from "node:crypto";
import { AludelError, messageOf } from "../../error/error.js";
import type { Connection, ConnectOptions } from "../connection.js";
import type { Scratch, ScratchOptions } from "../dialect.js";
import { localTarget, mayCreateQuery, mayNotCreate, openAdmin, showHosts } from "./database-admin.js";
import { withKeptPlans } from "./kept-plans.js";
import { hasPglite, openPgliteSession } from "./pglite-session.js";
import { quoteIdentifier } from "./quote.js";
import { openServerSession } from "./server-session.js";
import { type PostgresTarget, parsePostgresUrl } from "./url.js";

/** A leftover of this age, in seconds, belongs to a run that did not end as it should have. */
const leftoverAge = 24 * 60 * 60;

/** The server's own time is in the name, so that leftovers can be told from databases in use. */
const prefix = "aludel_scratch_";

interface ServerFacts {
  readonly mayCreate: boolean;
  readonly now: number;
  readonly leftovers: readonly string[];
}

const factsQuery = `SELECT
  (${mayCreateQuery}) AS may_create,
  floor(extract(epoch FROM pg_catalog.now()))::float8 AS now,
  ARRAY(SELECT d.datname::text FROM pg_catalog.pg_database AS d
    WHERE d.datname ~ '^${prefix}[0-9]+_[0-9a-f]+$' AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid)) AS leftovers`;

async function factsOf(admin: Connection): Promise<ServerFacts> {
  const [row] = await admin.query(factsQuery);
  const now = Number(row?.["now"]);
  const idle = Array.isArray(row?.["leftovers"]) ? row["leftovers"].map(String) : [];
  const leftovers = idle.filter((name) => Number(name.split("_")[2]) < now - leftoverAge);
  return { mayCreate: row?.["may_create"] === true, now, leftovers };
}

async function dropDatabase(target: PostgresTarget, options: ConnectOptions, name: string): Promise<void> {
  try {
    const admin = await openAdmin(target, options);
    try {
      await admin.run(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    } finally {
      await admin.close();
    }
  } catch (thrown) {
    // The server is gone; if it comes back, the database is swept by a later run.
    const gone = thrown instanceof AludelError && /^connection-/.test(thrown.code);
    if (!gone) throw thrown;
  }
}

/**
 * The database, in which names without a schema lead to one, whatever the user, or the environment's URL, has otherwise, and
 * whichever schemas are made: `"$user"` would lead to one that is called like the user. RESET goes back to it (manual 20.1.4).
 */
function inDatabase(target: PostgresTarget, database: string): PostgresTarget {
  const options = target.serverOptions === null ? "" : `${target.serverOptions} `;
  return { ...target, database, serverOptions: `${options}-c search_path=public` };
}

/**
 * A temporary database on a server. It is made from template0, which is the same everywhere: in template1 a site may
 * have put objects that would appear as differences, and one session there would be enough to make this fail.
 */
async function openTemporary(target: PostgresTarget, options: ConnectOptions): Promise<Scratch> {
  const admin = await openAdmin(target, options);
  let name: string;
  try {
    const { mayCreate, now, leftovers } = await factsOf(admin);
    if (!mayCreate) throw mayNotCreate(target);
    for (const leftover of leftovers) {
      // Somebody may have connected, or swept it, in between: without FORCE it is then left alone.
      await admin.run(`DROP DATABASE IF EXISTS ${quoteIdentifier(leftover)}`).catch(() => {});
    }
    name = `${prefix}${now}_${randomBytes(5).toString("hex")}`;
    await admin.run(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  } finally {
    await admin.close();
  }
  let connection: Connection;
  try {
    connection = withKeptPlans(await openServerSession(inDatabase(target, name), options));
  } catch (thrown) {
    await dropDatabase(target, options, name);
    throw thrown;
  }
  let disposal: Promise<void> | undefined;
  return {
    connection,
    another: () => openServerSession(inDatabase(target, name), options),
    description: `temporary database on ${showHosts(target)}`,
    dispose() {
      disposal ??= connection.close().then(() => dropDatabase(target, options, name));
      return disposal;
    },
  };
}

async function openPglite(options: ConnectOptions): Promise<Scratch> {
  const connection = withKeptPlans(await openPgliteSession("pglite:", options));
  return { connection, description: "PGlite in memory", dispose: () => connection.close() };
}

function refuseOtherEngine(url: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === "postgres" || scheme === "postgresql") return;
  throw new AludelError(
    "scratch-unavailable",
    `\`scratch\` is a URL of ${scheme}:, and not one of PostgreSQL`,
    {
      remedy: `Set \`scratch\` (or ALUDEL_SCRATCH) to a postgres: URL or to "pglite:", or leave it out: then Aludel finds a database itself.`,
    },
  );
}

/**
 * Opens a scratch database, the first of: a temporary database on the server that is configured as `scratch` (or
 * PGlite, for `pglite:`) · a temporary database on the environment's server when that is this machine and its user may
 * create databases · PGlite in memory when it is installed. Never touches a server elsewhere that is not named as
 * `scratch`. Temporary databases of runs that died are removed after a day.
 *
 * @throws AludelError `scratch-unavailable` with the ways to get one; for a configured URL also what connecting throws.
 */
export async function openPostgresScratch(
  options: ScratchOptions,
  pgliteIsInstalled: (directory: string) => boolean = hasPglite,
): Promise<Scratch> {
  const connect: ConnectOptions = { directory: options.directory, applicationName: "aludel scratch" };
  if (options.url !== null) {
    if (/^pglite:/i.test(options.url)) return openPglite(connect);
    refuseOtherEngine(options.url);
    return openTemporary(parsePostgresUrl(options.url, connect), connect);
  }
  const reasons: string[] = [];
  const local = localTarget(options.environmentUrl, connect);
  if (local) {
    try {
      return await openTemporary(local, connect);
    } catch (thrown) {
      if (!(thrown instanceof AludelError)) throw thrown;
      reasons.push(messageOf(thrown));
    }
  } else if (options.environmentUrl !== null) {
    reasons.push("The environment's server is not on this machine, and nothing is created there unasked");
  }
  if (pgliteIsInstalled(options.directory)) return openPglite(connect);
  reasons.push("The package @electric-sql/pglite is not installed");
  throw new AludelError("scratch-unavailable", "There is no database to try revisions on", {
    remedy:
      "Run `npm install --save-dev @electric-sql/pglite`, or set `scratch` in the configuration to the URL of a development server, or use an environment on this machine whose user may create databases.",
    details: reasons,
  });
}
