import type { Connection } from "../dialect/connection.js";
import type { Bookkeeping, Dialect } from "../dialect/dialect.js";
import type { Cost } from "./cost.js";
import { unlessMissing } from "./missing-table.js";
import { type Runner, runnerColumns } from "./runner.js";

export type Direction = "upgrade" | "downgrade" | "stamp";
export type RunResult = "running" | "succeeded" | "failed";

/** One line of the run log. */
export interface RunRecord {
  readonly revision: string;
  readonly direction: Direction;
  readonly startedAt: Date;
  readonly durationMs: number | null;
  readonly checksum: string | null;
  readonly result: RunResult;
  /** How many statements of the revision are committed while it is not finished. */
  readonly statementsDone: number;
  readonly error: string | null;
  /** Absent where nobody counts, or the table has no columns for it. */
  readonly counted?: Counted | undefined;
}

/** What a run has cost, and which run it is. */
export interface Counted {
  readonly run: string | null;
  readonly cost: Cost;
}

/** The columns of what was counted, and what is in them. */
export function countedColumns({ run, cost }: Counted): Readonly<Record<string, string | number | null>> {
  return {
    run_id: run,
    lock_wait_ms: Math.round(cost.lockWaitMs * 1000) / 1000,
    gave_way: cost.gaveWay,
    rows_changed: cost.rowsChanged,
  };
}

/** The INSERT of a line, with literals, so that it can be committed together with what it tells of. */
export function insertRecord(
  dialect: Dialect,
  bookkeeping: Bookkeeping,
  runner: Runner,
  record: RunRecord,
): string {
  const values = {
    revision: record.revision,
    direction: record.direction,
    started_at: record.startedAt.toISOString(),
    duration_ms: record.durationMs === null ? null : Math.round(record.durationMs * 1000) / 1000,
    checksum: record.checksum,
    ...runnerColumns(runner),
    result: record.result,
    statements_done: record.statementsDone,
    error: record.error,
    ...(record.counted === undefined ? {} : countedColumns(record.counted)),
  };
  const table = dialect.quoteName(bookkeeping.runLogTable);
  const literals = Object.values(values).map((value) => dialect.literal(value));
  return `INSERT INTO ${table} (${Object.keys(values).join(", ")}) VALUES (${literals.join(", ")})`;
}

/** The UPDATE that brings the newest unfinished line of a revision up to date. */
export function updateRecord(dialect: Dialect, bookkeeping: Bookkeeping, record: RunRecord): string {
  const table = dialect.quoteName(bookkeeping.runLogTable);
  const set = {
    duration_ms: record.durationMs === null ? null : Math.round(record.durationMs * 1000) / 1000,
    result: record.result,
    statements_done: record.statementsDone,
    error: record.error,
    ...(record.counted === undefined ? {} : countedColumns(record.counted)),
  };
  const assignments = Object.entries(set).map(([name, value]) => `${name} = ${dialect.literal(value)}`);
  return (
    `UPDATE ${table} SET ${assignments.join(", ")} WHERE id = (SELECT max(id) FROM ${table} ` +
    `WHERE revision = ${dialect.literal(record.revision)} AND direction = ${dialect.literal(record.direction)})`
  );
}

/**
 * The UPDATE that gives the line of a revision's last upgrade the checksum of its file as it is now: for a file of which
 * only the place in the graph was changed since.
 */
export function updateChecksum(
  dialect: Dialect,
  bookkeeping: Bookkeeping,
  { id, checksum }: { readonly id: string; readonly checksum: string },
): string {
  const table = dialect.quoteName(bookkeeping.runLogTable);
  return (
    `UPDATE ${table} SET checksum = ${dialect.literal(checksum)} WHERE id = (SELECT max(id) FROM ${table} ` +
    `WHERE revision = ${dialect.literal(id)} AND direction = 'upgrade' AND result = 'succeeded')`
  );
}

/** What the run log knows about the revisions. */
export interface RunLogState {
  /** The table has been made. */
  readonly isThere: boolean;
  /** The checksum with which each revision, repeatable or not, was last upgraded with success. */
  readonly checksums: ReadonlyMap<string, string>;
  /** Runs that stopped after some of their statements were committed, by `direction revision`. */
  readonly unfinished: ReadonlyMap<
    string,
    { readonly statementsDone: number; readonly checksum: string | null }
  >;
  /** Of the revisions whose last run ended without a word, how many statements it had committed; keys as above. */
  readonly cutOff: ReadonlyMap<string, number>;
}

/** Key of `RunLogState.unfinished`. */
export function unfinishedKey(direction: Direction, revision: string): string {
  return `${direction} ${revision}`;
}

/** Reads the run log in one round trip; a log that does not exist is an empty one (a database of Alembic's has none). */
export async function readRunLog(
  connection: Connection,
  dialect: Dialect,
  bookkeeping: Bookkeeping,
): Promise<RunLogState> {
  const table = dialect.quoteName(bookkeeping.runLogTable);
  const sql = `SELECT revision, direction, checksum, result, statements_done FROM ${table} ORDER BY id`;
  const checksums = new Map<string, string>();
  const unfinished = new Map<string, { statementsDone: number; checksum: string | null }>();
  const cutOff = new Map<string, number>();
  const found = await unlessMissing(dialect, null, () => connection.query(sql));
  for (const row of found ?? []) {
    const revision = String(row.revision);
    const direction = row.direction as Direction;
    const checksum = row.checksum === null ? null : String(row.checksum);
    const key = unfinishedKey(direction, revision);
    if (direction === "stamp") {
      // Somebody has said where the database is: no run is unfinished any more, and the file is right as it is.
      unfinished.clear();
      cutOff.clear();
      checksums.delete(revision);
      if (revision === "base") checksums.clear();
      continue;
    }
    const statementsDone = Number(row.statements_done);
    if (row.result === "running") cutOff.set(key, statementsDone);
    else cutOff.delete(key);
    if (row.result !== "succeeded") {
      if (statementsDone > 0) unfinished.set(key, { statementsDone, checksum });
      continue;
    }
    unfinished.delete(key);
    if (direction === "upgrade" && checksum !== null) checksums.set(revision, checksum);
    if (direction === "downgrade") checksums.delete(revision);
  }
  return { isThere: found !== null, checksums, unfinished, cutOff };
}
