import type { Connection } from "../../dialect/connection.js";
import type { Dialect, Scratch } from "../../dialect/dialect.js";
import type { Tracer } from "../../dialect/tracer.js";
import { AludelError } from "../../error/error.js";

/** A scratch database whose statements are watched. */
export interface Tracing {
  readonly scratch: Scratch;
  readonly tracer: Tracer;
}

/** @throws AludelError `trace-unsupported` for an engine whose statements leave nothing to be measured. */
export async function startTracing(dialect: Dialect, scratch: Scratch): Promise<Tracing> {
  if (dialect.openTracer === undefined) throw nothingToTrace(dialect);
  return { scratch, tracer: await dialect.openTracer(scratch) };
}

/** @throws AludelError as `startTracing`, before a database is made. */
export function requireTracer(dialect: Dialect): void {
  if (dialect.openTracer === undefined) throw nothingToTrace(dialect);
}

function nothingToTrace({ name }: Dialect): AludelError {
  return new AludelError("trace-unsupported", `There is nothing to trace on ${name}`, {
    details: [
      "Its only lock is on the whole database: every statement that writes keeps all other writers out until the commit.",
    ],
    remedy:
      "`aludel lint` says which statements write a table anew, and `aludel verify` runs revisions on a scratch database.",
  });
}

export function interrupted(): AludelError {
  return new AludelError("interrupted", "The trace was interrupted", {
    remedy: "Run it again; the scratch database is removed.",
  });
}

/** Runs `work`, in which a signal stops what the session is at. */
export async function stoppable<T>(
  signal: AbortSignal,
  connection: Connection,
  work: () => Promise<T>,
): Promise<T> {
  const stop = () => void connection.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
