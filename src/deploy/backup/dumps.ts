import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../dialect/connection.js";
import { loadBackupDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";

export interface DumpWait {
  /** Milliseconds; 0 asks once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called once when it has to wait, with who dumps, a sentence each. */
  readonly onWait: (sessions: readonly string[]) => void;
}

const pauseMs = 500;

/** Other sessions that are dumping the database, a sentence each; none where the engine does not know. */
export async function runningDumps(connection: Connection): Promise<readonly string[]> {
  return (await loadBackupDialect(connection.dialect)).dumping(connection);
}

/**
 * Waits until nobody dumps the database: a statement that wants a table for itself would wait behind the dump, and everybody
 * else behind that statement.
 *
 * @throws AludelError `lock-timeout` with who still does, `interrupted`.
 */
export async function waitForDumps(connection: Connection, options: DumpWait): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (let told = false; ; told = true) {
    const sessions = await runningDumps(connection);
    if (sessions.length === 0) return;
    if (performance.now() >= deadline) {
      throw new AludelError("lock-timeout", "The database is being dumped", {
        where: { object: connection.target },
        details: sessions,
        data: { sessions },
        remedy: "Nothing was changed. Wait until the dump is done, and run the same command again.",
      });
    }
    if (!told) options.onWait(sessions);
    await pause(pauseMs, undefined, { signal: options.signal }).catch(() => {
      throw new AludelError("interrupted", "Waiting for a dump was interrupted", {
        remedy: "Nothing was changed. Run the same command again.",
      });
    });
  }
}
