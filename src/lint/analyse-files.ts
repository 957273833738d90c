import type { Analyse, AnalysedStatement } from "../effect/statement.js";
import type { World } from "../effect/world.js";
import { assertionsOf } from "./asserted.js";
import type { Unit } from "./context.js";
import type { LintedFile, LintedUnit } from "./found.js";
import type { Judged } from "./judge.js";
import { noWorld } from "./no-world.js";
import { type FileText, type Place, placeOf } from "./place.js";
import type { Prepared, Way } from "./prepared.js";

export interface AnalyseFilesOptions {
  readonly serverVersion: number;
  readonly inTransaction: boolean;
  /** What there was before the first file, and where numbers go on from there. */
  readonly start?: HistoryEnd;
}

/** Where the reading of a history has come to. */
export interface HistoryEnd {
  readonly world: World;
  /** Numbers that no run and no statement so far has. */
  readonly from: { readonly source: number; readonly position: number };
}

/** Characters of SQL that are read at a time: a history of thousands of files need not be in memory as a whole. */
const atOnce = 200_000;

/**
 * Reads the files in order, as one history, and gives the linted ones with their units: the way up from where the files
 * before it have led to, the way back from where the way up has. Returns where the history has come to.
 */
export async function* analyseFiles(
  analyse: Analyse,
  files: readonly Prepared[],
  options: AnalyseFilesOptions,
): AsyncGenerator<LintedFile, HistoryEnd> {
  let reached: HistoryEnd | null = options.start ?? null;
  for (const some of pieces(files)) {
    const piece = await analysePiece(analyse, some, options, reached);
    reached = piece.end;
    yield* piece.files;
  }
  return reached ?? { world: noWorld, from: { source: 0, position: 0 } };
}

function pieces(files: readonly Prepared[]): readonly (readonly Prepared[])[] {
  const found: Prepared[][] = [];
  let size = atOnce;
  for (const file of files) {
    if (size >= atOnce) {
      found.push([]);
      size = 0;
    }
    found.at(-1)?.push(file);
    size += file.upgrade.sql.statements === undefined ? file.upgrade.sql.text.length : 1_000;
  }
  return found;
}

async function analysePiece(
  analyse: Analyse,
  files: readonly Prepared[],
  { serverVersion, inTransaction }: AnalyseFilesOptions,
  start: HistoryEnd | null,
): Promise<{ readonly files: readonly LintedFile[]; readonly end: HistoryEnd }> {
  const from = start?.from ?? { source: 0, position: 0 };
  const settings = { serverVersion, inTransaction, from };
  const statements = await analyse(
    files.map(({ upgrade }) => upgrade.sql),
    start === null ? settings : { ...settings, world: start.world },
  );
  const bySource = groupBySource(statements, from.source, files.length);
  let now = start?.world ?? statements[0]?.before ?? noWorld;
  let next = nextOf(statements, { source: from.source + files.length, position: from.position });
  const linted: LintedFile[] = [];
  for (const [at, file] of files.entries()) {
    const own = bySource[at] ?? [];
    const up = own.filter(({ section }) => section === "up");
    const before = up[0]?.before ?? now;
    now = up.at(-1)?.after ?? now;
    if (!file.linted) continue;
    const units = [unitOf(file, file.upgrade, up, { direction: "upgrade", before, after: now, up: null })];
    const down = own.filter(({ section }) => section === "down");
    const back = { direction: "downgrade", before: now, up: madeBy(up) } as const;
    if (down.length > 0)
      units.push(unitOf(file, file.upgrade, down, { ...back, after: down.at(-1)?.after ?? now }));
    if (file.downgrade !== null) {
      const undone = await analyse([file.downgrade.sql], { ...settings, world: now, from: next });
      next = nextOf(undone, next);
      units.push(unitOf(file, file.downgrade, undone, { ...back, after: undone.at(-1)?.after ?? now }));
    }
    const { shown, source, language, safeCalls, calls, createdAt = null } = file;
    linted.push({
      shown,
      source,
      language,
      units,
      createdAt,
      ...(safeCalls === undefined ? {} : { safeCalls }),
      ...(calls === undefined ? {} : { calls }),
    });
  }
  return { files: linted, end: { world: now, from: next } };
}

/** Reads files to the end, where only that is asked for. */
export async function endOf(
  analyse: Analyse,
  files: readonly Prepared[],
  options: AnalyseFilesOptions,
): Promise<HistoryEnd> {
  const reading = analyseFiles(analyse, files, options);
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return step.value;
  }
}

function groupBySource(
  statements: readonly AnalysedStatement[],
  first: number,
  sources: number,
): readonly (readonly AnalysedStatement[])[] {
  const groups: AnalysedStatement[][] = Array.from({ length: sources }, () => []);
  for (const statement of statements) groups[statement.source - first]?.push(statement);
  return groups;
}

function nextOf(statements: readonly AnalysedStatement[], from: HistoryEnd["from"]): HistoryEnd["from"] {
  let { source, position } = from;
  for (const one of statements) {
    source = Math.max(source, Math.floor(one.run) + 1);
    position = Math.max(position, one.position + 1);
  }
  return { source, position };
}

function madeBy(up: readonly AnalysedStatement[]): Judged["up"] {
  const [first] = up;
  const last = up.at(-1);
  if (first === undefined || last === undefined) return null;
  return { run: first.run, from: first.position, to: last.position };
}

function unitOf(
  file: Prepared,
  way: Way,
  statements: readonly AnalysedStatement[],
  judged: Pick<Judged, "before" | "after" | "up"> & Pick<Unit, "direction">,
): LintedUnit {
  const { direction, ...worlds } = judged;
  const { irreversible, queried } = way;
  const places = statements.map((statement, at) => way.places?.[at] ?? placeIn(file.source, statement));
  const unit: Unit = {
    file: file.shown,
    direction,
    // What could not be made into SQL is as unknown as what comes after a question to the database.
    revision:
      file.revision === null
        ? null
        : { ...file.revision, irreversible, queried: queried || way.failures.length > 0 },
    statements,
    assertions: file.revision === null ? new Set() : assertionsOf(file.source, statements, places),
    text: file.source.text,
  };
  return { judged: { ...worlds, unit, run: statements[0]?.run ?? null }, places, failures: way.failures };
}

function placeIn(source: FileText, { start, end }: AnalysedStatement): Place {
  return placeOf(source, start, end);
}
