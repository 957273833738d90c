import type { Connection, ConnectOptions } from "../connection.js";
import { openPgliteSession } from "./pglite-session.js";
import { openServerSession } from "./server-session.js";
import { parsePostgresUrl } from "./url.js";

/**
 * Opens a session: `postgres:` and `postgresql:` on a server with node-postgres, `pglite:` in this process, in memory
 * (`pglite:`) or in a folder (`pglite:./data`).
 *
 * @throws AludelError `url-invalid`, `dependency-missing`, `connection-failed`, `authentication-failed`,
 * `database-not-found`, `permission-denied`, `server-unsupported`, `file-unreadable`; none holds a password.
 */
export async function connectPostgres(url: string, options: ConnectOptions): Promise<Connection> {
  if (/^pglite:/i.test(url)) return openPgliteSession(url, options);
  return openServerSession(parsePostgresUrl(url, options), options);
}
