import type { Changed, Cursor } from "../../dialect/backfill.js";
import { AludelError, messageOf } from "../../error/error.js";
import { pauseAfter, waitFor } from "../give-way.js";
import { requireProgress } from "./left-over.js";
import type { Running } from "./running.js";
import { advanceBackfill, type Standing, type Wanted } from "./state.js";
import { nextSize } from "./throttle.js";

/** Milliseconds that a part waits for the locks of others, where nobody has said otherwise. */
const lockMs = 1000;
/** How often one part gives way, with ever fewer rows, before the backfill does. */
const mostTries = 20;
/** After so many rows that the database refuses it is no matter of single rows. */
const mostRefused = 50;

/** A part that is committed. */
export interface Part {
  readonly standing: Standing;
  readonly changed: Changed;
  readonly wanted: Wanted;
}

/** The next part. `again`: it could not be done as it was, and is to be tried with fewer rows. `end`: there is none. */
export async function partOf(running: Running): Promise<Part | "again" | "end"> {
  const { context, walk, standing } = running;
  throwIfInterrupted(running);
  const began = performance.now();
  let upTo: Cursor | null = null;
  try {
    upTo = await walk.next(standing.place, standing.size);
    if (upTo === null) return "end";
    const part = await write(running, upTo);
    running.tries = 0;
    return part;
  } catch (error) {
    await context.connection.run("ROLLBACK").catch(() => undefined);
    const isInWay = error instanceof AludelError && context.dialect.waiting.gaveWay(error);
    if (isInWay) running.heard.gaveWay(performance.now() - began);
    return afterFailure(running, error, upTo);
  }
}

async function write(running: Running, upTo: Cursor): Promise<Part> {
  const { context, op, walk, most } = running;
  const { connection, dialect } = context;
  const { place, size } = running.standing;
  const { pace } = dialect.backfilling;
  const share = context.waits?.timeouts.backfillShare ?? 1;
  const began = performance.now();
  await open(running);
  const { pass, written } = running.standing;
  // The first part tells whether `where` can be met at all, a second pass which of the rows that are left cannot.
  const asksAgain = pass > 1 || written === 0;
  const changed = await dialect.backfilling.change(connection, op, walk.range(place, upTo), { asksAgain });
  const tookMs = performance.now() - began;
  await requireProgress(running, changed, walk.range(place, upTo));
  const standing = {
    ...past(running.standing, upTo, changed.written),
    // Who leaves others much time works in short bursts, not seldom and long.
    size: nextSize(size, tookMs, pace.partMs * share, most),
  };
  return { standing, changed, wanted: await commit(running, standing) };
}

async function open({ context }: Running): Promise<void> {
  const { connection, dialect, waits } = context;
  const limits = dialect.backfilling.limits(waits?.timeouts.lockMs ?? lockMs);
  await connection.run([dialect.begin, ...(limits === "" ? [] : [limits])].join(";\n"));
}

async function commit({ context, table, key }: Running, standing: Standing): Promise<Wanted> {
  const { connection, dialect } = context;
  const [row] = await connection.query(advanceBackfill(dialect, table, key, standing));
  await connection.run("COMMIT");
  return (row?.["wanted"] ?? "run") as Wanted;
}

function past(standing: Standing, upTo: Cursor, written: number): Standing {
  return {
    ...standing,
    place: upTo,
    passed: standing.passed + standing.size,
    written: standing.written + written,
    parts: standing.parts + 1,
  };
}

async function afterFailure(running: Running, error: unknown, upTo: Cursor | null): Promise<Part | "again"> {
  const { context, standing } = running;
  const { signal, dialect } = context;
  throwIfInterrupted(running, error);
  if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
  if (error.code === "backfill-incomplete") throw error;
  const reason = dialect.backfilling.reason(error);
  if (reason === "statement" || upTo === null) throw error;
  if (reason === "row" && standing.size === 1) return passOver(running, error, upTo);
  running.standing = { ...standing, size: Math.max(1, Math.floor(standing.size / 2)) };
  if (reason === "row") return "again";
  running.tries += 1;
  if (running.tries > mostTries) throw error;
  running.throttle.busy(`others are in the way (${error.message})`);
  await waitFor(Math.min(pauseAfter(running.tries), 5000), signal);
  return "again";
}

/** A row that the database refuses is named and left as it is, so that the others are done. */
async function passOver(running: Running, error: AludelError, upTo: Cursor): Promise<Part> {
  const { walk, standing, op, most } = running;
  const where = `${walk.range(standing.place, upTo)} AND (${op.where}\n)`;
  const names = await walk.names(where, mostRefused);
  const rows = names.map((row) => ({ row, message: messageOf(error) }));
  const refused = [...standing.refused, ...rows];
  if (refused.length > mostRefused) throw error;
  const next = { ...past(standing, upTo, 0), refused, size: Math.min(most, 2) };
  await open(running);
  return { standing: next, changed: { written: 0, again: 0 }, wanted: await commit(running, next) };
}

/** A statement that a signal has cancelled fails like any other. */
export function throwIfInterrupted({ context }: Pick<Running, "context">, cause?: unknown): void {
  if (!context.signal.aborted) return;
  throw new AludelError("interrupted", "The run was interrupted", {
    cause,
    remedy: "Run the same command again to go on.",
  });
}
