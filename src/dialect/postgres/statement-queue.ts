import { connectionLost, statementError } from "./driver-error.js";

/** Runs what is asked of a session one at a time, in order, and translates what goes wrong. */
export interface StatementQueue {
  send<T>(sql: string, work: () => Promise<T>): Promise<T>;
  /** Lets nothing more in, and ends the session once, with or without waiting for what runs. */
  close(end: () => Promise<void>, how: "at-once" | "when-idle"): Promise<void>;
}

/** `lost` says what the session died of, once it has; `target` is for messages. */
export function statementQueue(target: string, lost: () => unknown): StatementQueue {
  let last: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  return {
    send(sql, work) {
      const result = last.then(async () => {
        if (closing) throw connectionLost(target, sql, new Error("it was closed"));
        const died = lost();
        if (died !== undefined) throw connectionLost(target, sql, died);
        try {
          return await work();
        } catch (thrown) {
          throw statementError(thrown, sql, target);
        }
      });
      last = result.catch(() => {});
      return result;
    },
    close(end, how) {
      closing ??= how === "at-once" ? end() : last.then(end);
      return closing;
    },
  };
}
