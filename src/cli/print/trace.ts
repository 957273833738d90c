import type { GivenRows, Trace, TracedRun, TracedStatement } from "../../check/trace/traced.js";
import type { Measured } from "../../dialect/tracer.js";
import { blocks } from "../../effect/lock.js";
import { type EffectRecord, effectRecord, statementRecord } from "../../effect/record.js";
import { type TimelineStatement, timelineOf } from "../../effect/timeline.js";
import type { Output } from "../output.js";
import { count, showDuration } from "./progress.js";
import { showTimeline } from "./timeline.js";

type Style = Output["style"];

/** What was seen, statement by statement, and the picture of each run. */
export function showTrace(trace: Trace, style: Style, columns: number): string {
  const shown = trace.runs.flatMap((run) => [showRun(run, style, columns), ""]);
  return [...shown, ...trace.rows.map(showRows)].join("\n").trimEnd();
}

function showRun(run: TracedRun, style: Style, columns: number): string {
  const [message = ""] = run.revision?.message.split("\n") ?? [];
  const title = run.revision === null ? run.file : `${run.revision.id} ${message}`.trim();
  const where = run.revision === null ? "" : style("dim", ` (${run.file})`);
  const timeline = showTimeline(timelineOf(timelineStatements(run)), style, columns);
  return [
    `${style("bold", title)}${where}`,
    ...(run.statements.length === 0 ? ["  runs no statement"] : []),
    ...run.statements.map((statement, at) => showStatement(statement, at + 1, style)),
    ...(timeline === "" ? [] : ["", timeline]),
  ].join("\n");
}

/** Runs and statements as a picture wants them. */
export function timelineStatements({ statements }: TracedRun): readonly TimelineStatement[] {
  return statements.map(({ sql, measured }) => ({
    sql,
    held: measured?.held ?? new Map(),
    locks: measured?.locks ?? new Map(),
    durationMs: measured?.durationMs ?? null,
  }));
}

function showStatement(statement: TracedStatement, number: number, style: Style): string {
  const { sql, line, measured, skipped, differences, analysed } = statement;
  const head = `${String(number).padStart(3)}  ${style("dim", `line ${line}:`)} ${oneLine(sql)}`;
  const indent = "     ";
  if (skipped !== null) return `${head}\n${indent}${style("yellow", "not run:")} ${skipped}`;
  if (measured === null) return head;
  const unknown = analysed !== null && !analysed.onExisting.analysed ? analysed.onExisting.reason : null;
  return [
    head,
    ...seenLines(measured).map((text) => `${indent}${text}`),
    `${indent}${style("dim", costOf(statement, measured))}`,
    ...(unknown === null ? [] : [`${indent}${style("dim", `nothing was expected of it: ${unknown}`)}`]),
    ...differences.map((text) => `${indent}${style("red", "unexpected:")} ${text}`),
  ].join("\n");
}

const blocked = {
  "reads and writes": "nobody can read or write it",
  writes: "nobody can write it",
  nothing: "others read and write it",
} as const;

/** What it locked and did, as sentences. */
function seenLines(measured: Measured): readonly string[] {
  const { locks, rewrites, scans, indexBuilds, foreignKeyChecks, proved, locksSeen } = measured;
  const work: readonly (readonly [readonly string[], string])[] = [
    [rewrites, "rewrites"],
    [scans, "reads from end to end"],
    [indexBuilds, "builds an index on"],
    [foreignKeyChecks, "checks the foreign keys of"],
    [proved, "need not read"],
  ];
  const lines = [
    ...[...locks].map(([name, mode]) => `${mode} on ${name}: ${blocked[blocks(mode)]}`),
    ...work.flatMap(([names, what]) => (names.length === 0 ? [] : [`${what} ${names.join(", ")}`])),
  ];
  if (locksSeen === "nothing")
    return [...lines, "its locks cannot be seen here: it commits by itself, and there is one session only"];
  return lines.length === 0 ? ["no new lock on what was there before"] : lines;
}

function costOf({ estimated }: TracedStatement, { durationMs, walBytes, locksSeen }: Measured): string {
  const parts = [
    showDuration(durationMs),
    ...(walBytes === null ? [] : [`${showBytes(walBytes)} of WAL`]),
    ...(locksSeen === "sampled" ? ["locks watched from another session"] : []),
  ];
  if (estimated === null) return parts.join(", ");
  const wal = estimated.walBytes === null ? "" : `, ${showBytes(estimated.walBytes)} of WAL`;
  return `${parts.join(", ")}; with all the rows about ${showDuration(estimated.durationMs)}${wal}`;
}

/** `812 bytes`, `1.2 kB`, `3.4 MB` */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

function showRows({ table, asked, made: [few, many], reason }: GivenRows): string {
  const had = few === many ? count(many, "row") : `${few} and then ${many} rows`;
  const of = asked === many ? "" : `, of ${asked}`;
  return `${table} had ${had}${of}${reason === null ? "" : `: ${reason}`}`;
}

/** A statement in one line, cut where it is long. */
export function oneLine(sql: string, most = 100): string {
  const line = sql.replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("")}…`;
}

/** How many statements did something else than was expected. */
export function unexpected({ runs }: Trace): number {
  return runs.flatMap(({ statements }) => statements).filter(({ differences }) => differences.length > 0)
    .length;
}

/** The answer for a machine: a record for each statement, as `explain` gives them, with what was measured. */
export function traceData({ runs, rows }: Trace): readonly unknown[] {
  const made = Object.fromEntries(rows.map(({ table, made: [, many] }) => [table, many]));
  return runs.flatMap((run) => run.statements.map((statement) => recordOf(run, statement, made)));
}

function recordOf(
  { revision }: TracedRun,
  statement: TracedStatement,
  rows: Readonly<Record<string, number>>,
) {
  const { file, line, endLine, sql, measured, analysed, skipped, differences, estimated } = statement;
  const said = analysed === null ? null : statementRecord(analysed);
  return {
    file,
    line,
    endLine,
    sql,
    revision: revision?.id ?? null,
    ...(measured === null ? nothing : seenRecord(measured)),
    transaction: said?.transaction ?? null,
    analysed: said?.analysed ?? false,
    ...(said?.reason === undefined ? {} : { reason: said.reason }),
    measured: measured === null ? null : measuredRecord(measured, rows),
    expected: analysed === null ? null : effectRecord(analysed),
    differences,
    skipped,
    estimated,
  };
}

function measuredRecord(
  { durationMs, walBytes, held, locksSeen }: Measured,
  rows: Readonly<Record<string, number>>,
) {
  const duration = Math.round(durationMs * 1000) / 1000;
  return { durationMs: duration, walBytes, held: Object.fromEntries(held), locksSeen, rows };
}

const nothing: EffectRecord = { locks: {}, rewrites: [], scans: [], indexBuilds: [], foreignKeyChecks: [] };

function seenRecord({ locks, rewrites, scans, indexBuilds, foreignKeyChecks }: Measured): EffectRecord {
  return { locks: Object.fromEntries(locks), rewrites, scans, indexBuilds, foreignKeyChecks };
}
