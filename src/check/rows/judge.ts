import type { Op } from "../../op/op.js";
import { nameKey } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import { spell } from "./declared.js";
import type { ColumnFate, Fates, TableFate } from "./fate.js";
import { differenceOf, loweredCounters, type Pairing, type TableDifference } from "./hold.js";
import type { Lost } from "./report.js";
import type { Snapshot, TableRows } from "./snapshot.js";

/** The rows at each stop of a proof; what was not reached is absent. */
export interface Stops {
  readonly start: Snapshot;
  readonly up: Snapshot;
  readonly down: Snapshot | null;
  readonly again: Snapshot | null;
}

/** What is known about a revision when its rows are judged. */
export interface Evidence {
  readonly schema: Schema;
  readonly stops: Stops;
  readonly fates: Fates;
  readonly ops: readonly Op[];
  /** SQL text in the way up, which may change any row on purpose. */
  readonly textUp: boolean;
  readonly textDown: boolean;
  /** What `aludel:loses` names. */
  readonly declared: ReadonlySet<string>;
}

/** What the rows say. */
export interface Judgement {
  readonly failures: readonly string[];
  readonly findings: readonly string[];
  readonly lost: readonly Lost[];
}

interface Draft {
  readonly failures: string[];
  readonly findings: string[];
  readonly lost: Lost[];
}

/**
 * Decides what became of the rows.
 *
 * Every column is held against what it was: after the upgrade those that the ops leave as they are, after the way back
 * all. What an op (or `aludel:loses`) declares lost is named as lost if it is. What SQL text of the upgrade changed, and
 * the way back does not restore, is a finding if the text has the same effect a second time, and else a failure.
 * Everything else that is not as it was is a failure: values are lost and nobody says so.
 */
export function judgeRows(evidence: Evidence): Judgement {
  const draft: Draft = { failures: [], findings: [], lost: [] };
  for (const [key, was] of evidence.stops.start.tables) {
    const fate = evidence.fates.get(key);
    if (fate === undefined) continue;
    const { up, down, again } = evidence.stops;
    const changed = afterUpgrade(evidence, fate, was, up, "after the upgrade", draft);
    if (down !== null) afterDowngrade(evidence, fate, was, changed, draft);
    // What is lost on the way back is not there the second time either.
    const isKept = draft.lost.every(
      ({ table, column }) => table !== spell(was.name, null) || column !== null,
    );
    if (again !== null && draft.failures.length === 0 && isKept) {
      afterUpgrade(evidence, fate, was, again, "after the second upgrade", draft);
    }
  }
  judgeCounters(evidence, draft);
  const known = names(evidence.schema);
  for (const name of evidence.declared) {
    if (!known.has(name)) draft.findings.push(`aludel:loses names ${name}, which was not there before`);
  }
  return draft;
}

function names(schema: Schema): ReadonlySet<string> {
  const tables = [...schema.tables.values()];
  return new Set(
    tables.flatMap((table) => [spell(table, null), ...table.columns.map(({ name }) => spell(table, name))]),
  );
}

/** Columns whose values are given and not computed. */
function plainColumns({ schema }: Evidence, was: TableRows): readonly string[] {
  const table = schema.tables.get(nameKey(was.name));
  return was.columns.filter((name) => {
    const column = table?.columns.find((one) => one.name === name);
    return column === undefined || column.generated === null;
  });
}

const isText = (evidence: Evidence): boolean => evidence.textUp;

/** The columns that ops leave as they are, under the names that they then have. */
function pairedUp(evidence: Evidence, fate: TableFate, was: TableRows, now: TableRows): Pairing["columns"] {
  return plainColumns(evidence, was).flatMap((name) => {
    const column = fate.columns.get(name);
    // The rowid where no column is it.
    if (column === undefined) return now.columns.includes(name) ? [{ was: name, now: name }] : [];
    if (column.now === null || column.changed) return [];
    if (isText(evidence) && !now.columns.includes(column.now)) return [];
    return [{ was: name, now: column.now, ignoreNull: column.nullsFilled !== null }];
  });
}

/** What the upgrade changed; anything of it without SQL text is a failure. */
function afterUpgrade(
  evidence: Evidence,
  fate: TableFate,
  was: TableRows,
  stop: Snapshot,
  when: string,
  draft: Draft,
): TableDifference | null {
  if (fate.now === null) return null;
  const now = stop.tables.get(nameKey(fate.now));
  if (now === undefined && isText(evidence)) return null;
  const lost = stop === evidence.stops.again ? draft.lost : [];
  const isLost = (name: string) =>
    lost.some(({ table, column }) => column === name && table === spell(was.name, null));
  const columns =
    now === undefined ? [] : pairedUp(evidence, fate, was, now).filter((one) => !isLost(one.was));
  const difference = columns.length === 0 && now !== undefined ? null : differenceOf({ was, now, columns });
  if (difference === null || isText(evidence)) return difference;
  draft.failures.push(...linesOf(difference, when, fate.grows));
  return difference;
}

function linesOf({ was, missing, added, changed, examples }: TableDifference, when: string, grows: boolean) {
  const table = spell(was.name, null);
  return [
    ...(missing > 0 ? [`${when} ${missing} of ${was.rows.length} rows of ${table} are gone`] : []),
    ...(added > 0 && !grows ? [`${when} ${table} has ${added} more ${added === 1 ? "row" : "rows"}`] : []),
    ...[...changed].map(([column, count]) => changeLine(was, column, count, when, examples.get(column))),
  ];
}

function changeLine(
  was: TableRows,
  column: string,
  count: number,
  when: string,
  example: readonly [string | null, string | null] | undefined,
): string {
  const shown = example === undefined ? "" : `: ${shorten(example[0])} became ${shorten(example[1])}`;
  return `${when} ${spell(was.name, column)} has other values in ${count} of ${was.rows.length} rows${shown}`;
}

function shorten(text: string | null): string {
  if (text === null) return "NULL";
  const line = JSON.stringify(text);
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

function lossOf(
  evidence: Evidence,
  was: TableRows,
  name: string,
  fate: ColumnFate | undefined,
): string | null {
  const declared = evidence.declared.has(spell(was.name, name)) ? "aludel:loses" : null;
  return fate?.loses ?? declared;
}

function afterDowngrade(
  evidence: Evidence,
  fate: TableFate,
  was: TableRows,
  changedUp: TableDifference | null,
  draft: Draft,
): void {
  const now = evidence.stops.down?.tables.get(nameKey(was.name));
  const rowidWasKept =
    fate.now !== null && evidence.stops.up.tables.get(nameKey(fate.now))?.columns.includes("rowid");
  const columns = plainColumns(evidence, was).filter((name) => fate.columns.has(name) || rowidWasKept);
  const all = differenceOf({ was, now, columns: columns.map((name) => ({ was: name, now: name })) });
  if (all === null) return;
  const table = spell(was.name, null);
  const tableLoss = fate.loses ?? (evidence.declared.has(table) ? "aludel:loses" : null);
  if (tableLoss !== null) {
    const rows = Math.max(all.missing, ...all.changed.values());
    if (rows > 0) draft.lost.push({ table, column: null, rows, because: tableLoss });
    return;
  }
  const kept: { was: string; now: string; ignoreNull: boolean }[] = [];
  for (const name of columns) {
    const column = fate.columns.get(name);
    const because = lossOf(evidence, was, name, column) ?? null;
    if (because === null) kept.push({ was: name, now: name, ignoreNull: column?.nullsFilled != null });
    const reason = because ?? column?.nullsFilled ?? null;
    const rows = all.changed.get(name) ?? (because === null ? 0 : all.missing);
    if (reason !== null && rows > 0) draft.lost.push({ table, column: name, rows, because: reason });
  }
  const difference = differenceOf({ was, now, columns: kept });
  if (difference !== null) judgeDowngrade(evidence, fate, difference, changedUp, draft);
}

/** What is not back although nobody declared it lost. */
function judgeDowngrade(
  evidence: Evidence,
  fate: TableFate,
  difference: TableDifference,
  changedUp: TableDifference | null,
  draft: Draft,
): void {
  const { was } = difference;
  const when = "after the way back";
  const grows = fate.grows || evidence.textUp || evidence.textDown;
  const restored = { ...difference, missing: 0, changed: new Map<string, number>() };
  draft.failures.push(...linesOf(restored, when, grows));
  if (difference.missing > 0) {
    const deleted = isText(evidence) && (changedUp?.missing ?? 0) >= difference.missing;
    const line = linesOf({ ...restored, added: 0, missing: difference.missing }, when, true);
    if (deleted) draft.findings.push(...line.map((one) => `${one}: SQL text of the upgrade deletes them`));
    else draft.failures.push(...line);
  }
  for (const [column, count] of difference.changed) {
    const line = changeLine(was, column, count, when, difference.examples.get(column));
    const byText = isText(evidence) && (changedUp?.changed.has(column) ?? false);
    if (byText && isStable(evidence, fate, column)) {
      draft.findings.push(`${line}: SQL text of the upgrade changes them`);
    } else draft.failures.push(line);
  }
}

/** True when the upgrade gave the column the same values both times. */
function isStable({ stops }: Evidence, fate: TableFate, column: string): boolean {
  const name = fate.columns.get(column)?.now ?? null;
  if (stops.again === null || fate.now === null || name === null) return false;
  const was = stops.up.tables.get(nameKey(fate.now));
  const now = stops.again.tables.get(nameKey(fate.now));
  if (was === undefined) return false;
  const columns = [...new Set([...(was.key ?? []), name])].map((one) => ({ was: one, now: one }));
  const difference = differenceOf({ was, now, columns });
  return difference === null || (difference.missing === 0 && difference.changed.size === 0);
}

/** A counter that stands lower gives a number a second time. Where an op makes it anew that is for a person to judge. */
function judgeCounters({ stops, ops }: Evidence, draft: Draft): void {
  if (stops.down === null) return;
  const list = ops.some(remakesCounter) ? draft.findings : draft.failures;
  for (const name of loweredCounters(stops.start, stops.down)) {
    list.push(
      `after the way back the counter of ${name} stands lower than before, so that numbers are given twice`,
    );
  }
}

function remakesCounter(op: Op): boolean {
  switch (op.kind) {
    case "batch-alter-table":
      return op.ops.some(remakesCounter);
    case "alter-column":
      return op.changes.identity !== undefined;
    case "add-constraint":
      return op.constraint.kind === "primary-key";
    case "drop-sequence":
    case "alter-sequence":
    case "drop-column":
    case "drop-constraint":
    case "drop-table":
    case "execute":
      return true;
    default:
      return false;
  }
}
