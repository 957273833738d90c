import { AludelError } from "../../error/error.js";
import type { Connection, ConnectOptions } from "../connection.js";
import { quoteIdentifier } from "./quote.js";
import { openServerSession } from "./server-session.js";
import { isLocalHost, type PostgresTarget, parsePostgresUrl, showHost } from "./url.js";

/** A session for making and dropping databases: in the one of the URL, or in the one that every server has. */
export async function openAdmin(target: PostgresTarget, options: ConnectOptions): Promise<Connection> {
  try {
    return await openServerSession(target, options);
  } catch (thrown) {
    if (!(thrown instanceof AludelError) || thrown.code !== "database-not-found") throw thrown;
    return openServerSession({ ...target, database: "postgres" }, options);
  }
}

/** As `openAdmin`, but in another database than the URL's where that is possible: in that one nobody is in its way. */
export async function openBeside(target: PostgresTarget, options: ConnectOptions): Promise<Connection> {
  try {
    return await openServerSession({ ...target, database: "postgres" }, options);
  } catch (thrown) {
    const refused = /^(database-not-found|permission-denied|authentication-failed)$/;
    if (!(thrown instanceof AludelError) || !refused.test(thrown.code)) throw thrown;
    return openServerSession(target, options);
  }
}

/** The user may not make databases. */
export function mayNotCreate(target: PostgresTarget): AludelError {
  return new AludelError(
    "scratch-unavailable",
    `User "${target.user}" may not create databases on ${showHosts(target)}`,
    {
      remedy: `Run \`ALTER ROLE ${quoteIdentifier(target.user)} CREATEDB\` there as an administrator, or set \`scratch\` to "pglite:".`,
    },
  );
}

/** The servers of a target, for people. */
export function showHosts({ hosts }: PostgresTarget): string {
  return hosts.map(showHost).join(", ");
}

/** True when a target is on this machine, as far as its hosts say. */
export function isLocal({ hosts }: PostgresTarget): boolean {
  return hosts.every(({ host }) => isLocalHost(host));
}

/** The environment's server as a target, if it is this machine: elsewhere nothing is made unasked. */
export function localTarget(url: string | null, options: ConnectOptions): PostgresTarget | null {
  if (url === null || !/^postgres(ql)?:/i.test(url)) return null;
  const target = parsePostgresUrl(url, options);
  return isLocal(target) ? target : null;
}

/** SQL: may the user of the session make databases? */
export const mayCreateQuery =
  "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";
