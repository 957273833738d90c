import { AludelError } from "../../error/error.js";
import type { ObjectName } from "../../schema/name.js";
import { areThere } from "../bookkeeping.js";
import type { RunContext } from "../run-context.js";
import { requireWhole } from "./left-over.js";
import { partOf } from "./part.js";
import type { BackfillWork, Running } from "./running.js";
import {
  advanceBackfill,
  checksumOf,
  insertBackfill,
  type KnownBackfill,
  readBackfills,
  type Standing,
  settleBackfill,
  type Wanted,
} from "./state.js";
import { firstRows, mostComputed, mostRows, Throttle } from "./throttle.js";
import { obey } from "./wishes.js";

/**
 * Changes the rows that a backfill is for, part by part, each in a transaction that also says how far it is: who is killed
 * at any moment goes on behind the last row that was written. At the end it asks whether rows are left.
 *
 * @returns the statement that says that it is done, for the transaction in which the revision says so.
 * @throws AludelError `backfill-incomplete` where rows are left, `backfill-cancelled`, `interrupted`.
 */
export async function runBackfill(
  context: RunContext,
  table: ObjectName,
  work: BackfillWork,
): Promise<string> {
  const started = performance.now();
  const { dialect, report } = context;
  const { revision, op, key } = work;
  const { running, wanted } = await begin(context, table, work);
  try {
    await obey(running, wanted);
    for (;;) {
      await passThrough(running);
      if ((await requireWhole(running)) === "whole") break;
      const { written, parts, size, pass } = running.standing;
      running.standing = { place: null, pass: pass + 1, passed: 0, written, parts, size, refused: [] };
      running.again = 0;
    }
  } catch (error) {
    await recordEnd(running, error);
    throw error;
  }
  const written = running.standing.written;
  report({ kind: "backfill-finished", revision, op, written, durationMs: performance.now() - started });
  return settleBackfill(dialect, table, key, { status: "done", wanted: "run", error: null });
}

async function begin(
  context: RunContext,
  table: ObjectName,
  work: BackfillWork,
): Promise<{ readonly running: Running; readonly wanted: Wanted }> {
  const { connection, dialect, signal, report } = context;
  const { revision, op, key } = work;
  if (!(await areThere(dialect, connection, [table])))
    await connection.run(dialect.backfilling.tableDdl(table).join(";\n"));
  const known = (await readBackfills(connection, dialect, table)).find((one) => isOf(one, work));
  const resumed = known !== undefined && known.status !== "done";
  const walk = await dialect.backfilling.walk(connection, op.table);
  const most = op.batchSize ?? (op.computed === undefined ? mostRows : mostComputed);
  const fresh: Standing = {
    place: null,
    pass: 1,
    passed: 0,
    written: 0,
    parts: 0,
    size: Math.min(firstRows, most),
    refused: [],
  };
  const standing: Standing = resumed ? { ...known, size: Math.min(known.size, most) } : fresh;
  const start = resumed
    ? settleBackfill(dialect, table, key, { status: "running", error: null })
    : insertBackfill(dialect, table, key, op, standing, walk.rows);
  await connection.run(start);
  const share = context.waits?.timeouts.backfillShare ?? 1;
  const tell = (reason: string | null) => report({ kind: "backfill-waits", revision, reason });
  report({ kind: "backfill-started", revision, op, by: walk.by, resumed, written: standing.written });
  const throttle = new Throttle(connection, dialect, signal, share, tell);
  const running: Running = {
    ...work,
    ...{ context, table, walk, most, throttle, standing },
    again: 0,
    tries: 0,
  };
  return { running, wanted: resumed ? known.wanted : "run" };
}

function isOf(known: KnownBackfill, { key, op }: BackfillWork): boolean {
  return (
    known.revision === key.revision &&
    known.direction === key.direction &&
    known.position === key.position &&
    known.checksum === checksumOf(op)
  );
}

/** Walks through the table from where it stands to its end. */
async function passThrough(running: Running): Promise<void> {
  const { context, op, walk } = running;
  const from = { passed: running.standing.passed, at: performance.now() };
  for (;;) {
    const began = performance.now();
    const part = await partOf(running);
    if (part === "end") return;
    if (part !== "again") {
      running.standing = part.standing;
      running.heard.wrote(part.changed.written);
      running.again += part.changed.again;
      await obey(running, part.wanted);
    }
    const { passed, written } = running.standing;
    const seconds = (performance.now() - from.at) / 1000;
    const rowsPerSecond = seconds === 0 ? 0 : (passed - from.passed) / seconds;
    const left = walk.rows === null ? null : Math.max(0, walk.rows - passed);
    const millisecondsLeft = left === null || rowsPerSecond === 0 ? null : (left / rowsPerSecond) * 1000;
    const progress = { passed, written, total: walk.rows, rowsPerSecond, millisecondsLeft };
    context.report({ kind: "backfill-progress", op, progress });
    await running.throttle.rest(performance.now() - began);
  }
}

/** Writes down how it ended; best effort, because another error is on its way. */
async function recordEnd({ context, table, key, standing }: Running, error: unknown): Promise<void> {
  const { connection, dialect } = context;
  const code = error instanceof AludelError ? error.code : null;
  // Whoever only stopped goes on with what was wanted.
  if (code === "connection-lost" || code === "interrupted") return;
  const status = code === "backfill-cancelled" ? "cancelled" : "failed";
  const message = context.redact(error instanceof Error ? error.message : String(error));
  // Who looked through all rows looks through all of them again: that some are left is all that is known.
  const place = code === "backfill-incomplete" ? { ...standing, place: null, passed: 0, refused: [] } : null;
  try {
    if (place !== null) await connection.query(advanceBackfill(dialect, table, key, place));
    await connection.run(settleBackfill(dialect, table, key, { status, wanted: "run", error: message }));
  } catch {
    // What the table cannot be told, the error itself tells.
  }
}
