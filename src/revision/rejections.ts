const reported = new Set<() => unknown>();

/** Node's own answer to an unhandled rejection, as long as nobody else listens, is to end the process. */
function onUnhandled(reason: unknown): void {
  for (const isReported of reported) {
    if (isReported() === reason) return;
  }
  if (process.listenerCount("unhandledRejection") === 1) throw reason;
}

/**
 * Keeps a promise that a revision forgot to await from ending the process with a failure that is reported anyway.
 * `failure` gives that failure; rejections for any other reason end the process as ever. Call what it returns when
 * the failure has been reported.
 */
export function tolerateRejections(failure: () => unknown): () => void {
  if (reported.size === 0) process.on("unhandledRejection", onUnhandled);
  reported.add(failure);
  return () => {
    reported.delete(failure);
    if (reported.size === 0) process.off("unhandledRejection", onUnhandled);
  };
}
