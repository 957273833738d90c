import { count, showDuration } from "../run/amounts.js";
import type { Cost } from "../run/cost.js";
import type { EventKind, EventOf, Failure, RunEvent } from "../run/event.js";
import { showStatement } from "./statement.js";

export const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];

/** A line of the log, without what all lines of a run have. */
export interface Line {
  readonly event: string;
  readonly level: Level;
  /** For people. */
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10;

const line = (event: string, level: Level, message: string, fields: object = {}): Line => ({
  event,
  level,
  message,
  fields: { ...fields },
});

const costFields = ({ lockWaitMs, gaveWay, rowsChanged }: Cost) => ({
  lock_wait_ms: tenths(lockWaitMs),
  gave_way: gaveWay,
  rows_changed: rowsChanged,
});

const errorFields = ({ code, message, remedy, details }: Failure) => ({
  error: { kind: code, message, details: details.length === 0 ? undefined : details, remedy },
});

const named = ({ id, message }: { readonly id: string; readonly message: string }) => `${id} ${message}`;

const blocked = (holders: readonly string[]) =>
  holders.length === 0 ? "" : `; in the way: ${holders.join("; ")}`;

/** A failure is an error once, of the run or of a database of many: whoever is woken by errors is woken once. */
type Lines = { readonly [K in EventKind]: (event: EventOf<K>) => Line };

const runLines: Pick<Lines, "run-started" | "run-finished" | "run-failed"> = {
  "run-started": ({ username, hostname, commit, toolVersion }) =>
    line("run.started", "info", "run started", {
      user: username,
      host: hostname,
      commit,
      version: toolVersion,
    }),
  "run-finished": ({ milliseconds, revisions, cost }) =>
    line("run.finished", "info", `${count(revisions, "revision")} in ${showDuration(milliseconds)}`, {
      duration_ms: tenths(milliseconds),
      revisions,
      ...costFields(cost),
    }),
  "run-failed": ({ milliseconds, revisions, cost, failure, part }) =>
    line("run.failed", "error", failure.message, {
      ...(part === null ? {} : { part }),
      duration_ms: tenths(milliseconds),
      revisions,
      ...costFields(cost),
      ...errorFields(failure),
    }),
};

const partLines: Pick<
  Lines,
  | "part-started"
  | "part-finished"
  | "backup-made"
  | "smoke-checked"
  | "recorded"
  | "receipt-written"
  | "database-started"
  | "database-finished"
> = {
  "part-started": ({ part }) => line("part.started", "info", `${part} started`, { part }),
  "part-finished": ({ part, milliseconds, passed }) =>
    line("part.finished", passed ? "info" : "warn", `${part} ${passed ? "finished" : "failed"}`, {
      part,
      passed,
      duration_ms: tenths(milliseconds),
    }),
  "backup-made": ({ name, path, bytes, milliseconds }) =>
    line("backup.made", "info", `backup ${path ?? name}`, {
      backup: path ?? name,
      bytes,
      duration_ms: tenths(milliseconds),
    }),
  "smoke-checked": ({ check, passed, seen, milliseconds }) =>
    line("smoke.checked", passed ? "info" : "warn", `${check}: ${passed ? "passed" : "failed"}, ${seen}`, {
      check,
      passed,
      seen,
      duration_ms: tenths(milliseconds),
    }),
  recorded: ({ deploy }) => line("deploy.recorded", "info", `deploy ${deploy}`, { deploy }),
  "receipt-written": ({ path, sha256 }) =>
    line("receipt.written", "info", `receipt ${path}`, { receipt: path, sha256 }),
  "database-started": () => line("database.started", "debug", "database started"),
  "database-finished": ({ status, milliseconds, failure }) =>
    line("database.finished", failure === null ? "info" : "error", failure?.message ?? status, {
      status,
      duration_ms: tenths(milliseconds),
      ...(failure === null ? {} : errorFields(failure)),
    }),
};

const lockLines: Pick<
  Lines,
  "lock-wait" | "lock-taken" | "lock-waits" | "lock-waited" | "gave-way" | "blockers-cancelled"
> = {
  "blockers-cancelled": ({ cancelled }) => {
    const done = cancelled.filter(({ refused }) => refused === null).map(({ session }) => session);
    const refused = cancelled.flatMap(({ session, refused: why }) =>
      why === null ? [] : [`${session}: ${why}`],
    );
    return line(
      "lock.blockers_cancelled",
      "warn",
      `cancelled what was in the way: ${done.join("; ") || "nothing could be"}`,
      {
        cancelled: done,
        refused,
      },
    );
  },
  "lock-wait": ({ holder }) =>
    line("lock.waiting", "warn", `waiting for ${holder}`, { lock: "run", blockers: [holder] }),
  "lock-taken": ({ milliseconds }) =>
    line("lock.acquired", "info", "has the right to run", {
      lock: "run",
      lock_wait_ms: tenths(milliseconds),
    }),
  "lock-waits": ({ revision, milliseconds, holders }) =>
    line("lock.waiting", "warn", `${revision.id} waits for a lock${blocked(holders)}`, {
      lock: "statement",
      revision: revision.id,
      lock_wait_ms: tenths(milliseconds),
      blockers: holders,
    }),
  "lock-waited": ({ revision, milliseconds, gaveWay }) =>
    line("lock.waited", "info", `${revision.id} waited ${showDuration(milliseconds)} for a lock`, {
      lock: "statement",
      revision: revision.id,
      lock_wait_ms: tenths(milliseconds),
      gave_way: gaveWay,
    }),
  "gave-way": ({ revision, tries, retries, milliseconds, holders }) =>
    line(
      "lock.gave_way",
      "warn",
      `${revision.id} gave way (${tries} of ${retries + 1} tries), again in ${showDuration(milliseconds)}${blocked(holders)}`,
      {
        revision: revision.id,
        tries,
        tries_allowed: retries + 1,
        retry_in_ms: milliseconds,
        blockers: holders,
      },
    ),
};

const backfillLines: Pick<
  Lines,
  "backfill-started" | "backfill-progress" | "backfill-waits" | "backfill-finished"
> = {
  "backfill-started": ({ revision, op, by, resumed, written }) =>
    line("backfill.started", "info", `backfill of ${op.table.name} by ${by}`, {
      revision: revision.id,
      table: op.table.name,
      resumed,
      rows_written: written,
    }),
  "backfill-progress": ({ op, progress }) =>
    line("backfill.progress", "debug", `backfill of ${op.table.name}: ${progress.written} rows written`, {
      table: op.table.name,
      rows_written: progress.written,
      rows_passed: progress.passed,
      rows_total: progress.total,
      rows_per_second: Math.round(progress.rowsPerSecond),
      left_ms: progress.millisecondsLeft === null ? null : Math.round(progress.millisecondsLeft),
    }),
  "backfill-waits": ({ revision, reason }) =>
    reason === null
      ? line("backfill.resumed", "info", "the backfill goes on", { revision: revision.id })
      : line("backfill.waiting", "warn", `the backfill waits: ${reason}`, { revision: revision.id, reason }),
  "backfill-finished": ({ revision, op, written, durationMs }) =>
    line("backfill.finished", "info", `backfill of ${op.table.name}: ${written} rows written`, {
      revision: revision.id,
      table: op.table.name,
      rows_written: written,
      duration_ms: tenths(durationMs),
    }),
};

const revisionLines: Omit<
  Lines,
  keyof typeof runLines | keyof typeof partLines | keyof typeof lockLines | keyof typeof backfillLines
> = {
  settled: ({ moved, rows }) =>
    line("run.settled", "info", `${moved.join(", ")} ran here before being put elsewhere in the graph`, {
      revisions_moved: moved,
      rows,
    }),
  planned: ({ total }) =>
    line("run.planned", "info", `${count(total, "revision")} to run`, { revisions: total }),
  "revision-started": ({ revision, direction, position, total }) =>
    line("revision.started", "info", `${direction} ${named(revision)}`, {
      revision: revision.id,
      revision_message: revision.message,
      direction,
      position,
      total,
    }),
  resumed: ({ revision, statementsDone }) =>
    line("revision.resumed", "info", `${revision.id} goes on after ${count(statementsDone, "statement")}`, {
      revision: revision.id,
      statements_done: statementsDone,
    }),
  "begun-anew": ({ revision }) =>
    line("revision.begun_anew", "info", `${revision.id} begins anew`, { revision: revision.id }),
  op: ({ revision, description }) =>
    line("op.started", "debug", showStatement(description), { revision: revision.id }),
  "statement-started": ({ revision, position, sql }) =>
    line("step.started", "debug", showStatement(sql), {
      revision: revision.id,
      step: position,
      statement: showStatement(sql),
    }),
  "statement-finished": ({ revision, position, sql, milliseconds, lockWaitMs, rowsChanged }) =>
    line("step.finished", "info", `${showStatement(sql)} (${showDuration(milliseconds)})`, {
      revision: revision.id,
      step: position,
      statement: showStatement(sql),
      duration_ms: tenths(milliseconds),
      lock_wait_ms: tenths(lockWaitMs),
      rows_changed: rowsChanged,
    }),
  "revision-finished": ({ revision, direction, durationMs, statements, cost }) =>
    line("revision.finished", "info", `${direction} ${named(revision)} (${showDuration(durationMs)})`, {
      revision: revision.id,
      revision_message: revision.message,
      direction,
      duration_ms: tenths(durationMs),
      statements,
      ...costFields(cost),
    }),
  "revision-failed": ({ revision, direction, durationMs, failure, cost }) =>
    line("revision.failed", "warn", failure.message, {
      revision: revision.id,
      revision_message: revision.message,
      direction,
      duration_ms: tenths(durationMs),
      ...costFields(cost),
      ...errorFields(failure),
    }),
};

const lines: Lines = { ...runLines, ...partLines, ...lockLines, ...backfillLines, ...revisionLines };

/** What a log says of an event. */
export function lineOf<K extends EventKind>(event: Extract<RunEvent, { readonly kind: K }>): Line {
  return (lines[event.kind] as (event: RunEvent) => Line)(event);
}
