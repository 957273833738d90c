import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Connection } from "../connection.js";
import type { Room } from "../dialect.js";
import { isSqliteConnection } from "./connect.js";

/** See `Dialect.room`: of the volume that the file is on, as far as it may be used without being root. */
export async function room(connection: Connection): Promise<Room | null> {
  const file = isSqliteConnection(connection) ? connection.file : null;
  if (file === null) return null;
  const { bavail, bsize } = await statfs(dirname(file));
  const { size } = await stat(file);
  return { free: bavail * bsize, taken: size };
}
