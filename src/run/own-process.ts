import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";

/**
 * Refuses a session that a pooler gives other processes of the server as it goes on: the lock would stay with one of them
 * for good, and the settings would become those of an application.
 *
 * @throws AludelError `sessions-swapped` before anything was asked for.
 */
export async function requireOwnProcess(
  dialect: Dialect,
  connection: Connection,
  openBeside: () => Promise<Connection>,
): Promise<void> {
  const swapped = (await dialect.swapsSessions?.(connection, openBeside)) ?? null;
  if (swapped === null) return;
  throw new AludelError("sessions-swapped", "A pooler swaps the server's processes between transactions", {
    where: { object: connection.target },
    details: [swapped],
    remedy:
      "Nothing was changed. Give a URL that leads to the server itself: through the pooler neither the lock nor the settings would be this session's own.",
  });
}
