import type { Connection } from "../dialect/connection.js";
import type { Lock } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { bookkeepingOf, type Project } from "./project.js";

export interface LockWait {
  /** Milliseconds to wait for another runner. */
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Is told who holds it. */
  readonly onWait: (holder: string) => void;
}

/**
 * The right to run on a database, waited for.
 * @throws AludelError `lock-timeout`, and `interrupted` at once for who does not want to wait any longer.
 */
export async function takeLock(project: Project, connection: Connection, options: LockWait): Promise<Lock> {
  const { signal } = options;
  const taken = project.dialect.lock(connection, {
    bookkeeping: bookkeepingOf(project.config),
    timeoutMs: options.lockTimeoutMs,
    onWait: (holder) => options.onWait(holder),
  });
  let stop = () => {};
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () =>
      reject(
        new AludelError("interrupted", "Interrupted while waiting for another runner; nothing was changed", {
          remedy: "Run the same command again.",
        }),
      );
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([taken, interrupted]);
  } catch (error) {
    if (signal.aborted) taken.then((lock) => lock.release()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
