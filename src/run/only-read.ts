import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";

/**
 * Makes a session one that can only read, unless something between it and the server swaps the server's processes: the setting
 * would then stay with a process that serves an application next, and that could write no more.
 *
 * @returns whether it was made so.
 */
export async function onlyRead(
  dialect: Dialect,
  connection: Connection,
  openBeside: () => Promise<Connection>,
  milliseconds: number,
): Promise<boolean> {
  const swapped = (await dialect.swapsSessions?.(connection, openBeside)) ?? null;
  if (swapped !== null) return false;
  await connection.run(dialect.readOnlySession(milliseconds));
  return true;
}
