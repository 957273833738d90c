import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";

/** Milliseconds that a question to a database may take where nothing else is said. */
const patienceMs = 15_000;

/**
 * Makes a session one that can only read, unless something between it and the server swaps the server's processes: the setting
 * would then stay with a process that serves an application next, and that could write no more.
 *
 * @returns what swaps them; `null` where nothing does, and the session can only read from now on.
 */
export async function onlyRead(
  dialect: Dialect,
  connection: Connection,
  openBeside: () => Promise<Connection>,
  milliseconds = patienceMs,
): Promise<string | null> {
  const swapped = (await dialect.swapsSessions?.(connection, openBeside)) ?? null;
  if (swapped === null) await connection.run(dialect.readOnlySession(milliseconds));
  return swapped;
}
