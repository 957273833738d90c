/**
 * A signal that SIGINT and SIGTERM abort, so that a run can stop at a place from which it can be resumed. A second
 * SIGINT ends the process at once, with the exit code that shells expect.
 */
export function abortOnSignals(target: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  target.on("SIGINT", () => {
    if (controller.signal.aborted) target.exit(130);
    target.stderr.write("\nstopping at a safe place; press Ctrl+C again to stop at once\n");
    controller.abort();
  });
  target.on("SIGTERM", () => controller.abort());
  return controller.signal;
}
