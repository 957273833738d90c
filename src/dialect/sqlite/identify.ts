import { basename } from "node:path";
import type { Connection } from "../connection.js";
import type { DatabaseIdentity } from "../dialect.js";
import { isSqliteConnection } from "./connect.js";

/** A file has no host, and nothing in it that another one could not have. */
export async function identify(connection: Connection): Promise<DatabaseIdentity> {
  const file = isSqliteConnection(connection) ? connection.file : null;
  return { host: null, database: file === null ? ":memory:" : basename(file), systemIdentifier: null };
}
