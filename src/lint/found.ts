import type { Act } from "../effect/act.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { Suppressed } from "./finding.js";
import type { RenderCalls, SafeCalls } from "./fix/calls.js";
import type { Judged, Said } from "./judge.js";
import { type FileText, type Place, placeOf, placeOfLines } from "./place.js";
import type { Failure } from "./prepared.js";
import type { Rule, Say } from "./rule.js";

/** A unit with the places of its statements in the file. */
export interface LintedUnit {
  readonly judged: Judged;
  /** One a statement. */
  readonly places: readonly Place[];
  /** What could not be made into SQL. */
  readonly failures: readonly Failure[];
}

/** A file with its units: the two ways of a revision, or one. */
export interface LintedFile {
  /** As it is shown, and kept in baselines. */
  readonly shown: string;
  readonly source: FileText;
  readonly language: "sql" | "typescript";
  readonly units: readonly LintedUnit[];
  readonly safeCalls?: SafeCalls;
  readonly calls?: RenderCalls;
  /** When the revision says that it was made. */
  readonly createdAt?: Date | null;
}

/** What a rule says, with its place; not yet a finding, because somebody may have said that it is meant. */
export interface Found {
  readonly rule: Rule;
  readonly say: Say;
  readonly act: Act | null;
  readonly unit: LintedUnit | null;
  readonly statement: AnalysedStatement | null;
  readonly number: number | null;
  readonly sql: string | null;
  /** What is underlined. */
  readonly place: Place;
  /** The statement that it is about, to which comments refer; `null` for the whole unit. */
  readonly scope: Place | null;
  readonly suppressed: Suppressed | null;
}

/** The place of what a rule has said. */
export function foundOf(file: LintedFile, unit: LintedUnit, said: Said): Found {
  const { rule, say, act, statement, number, inner } = said;
  const outer = number === null ? null : (unit.places[number] ?? null);
  const scope = outer === null || inner === null ? outer : innerPlace(file.source, outer, inner);
  const sql = inner?.sql ?? statement?.sql ?? null;
  const whole = scope ?? placeOfLines(file.source, say.line ?? 1, say.line ?? 1);
  const onLine = scope === null ? whole : within(file.source, whole, say.line);
  const place = say.at === undefined ? onLine : narrowed(file.source, onLine, say.at);
  return { rule, say, act, unit, statement, number, sql, place, scope, suppressed: null };
}

/** Lines of a body are those of the file only where the body stands in the file as it is. */
export function innerPlace(
  source: FileText,
  outer: Place,
  { line, sql }: { readonly line: number; readonly sql: string },
): Place {
  if (line < outer.line || line > outer.endLine) return outer;
  const found = placeOfLines(source, line, Math.min(outer.endLine, line + sql.split("\n").length - 1));
  return { ...found, start: Math.max(found.start, outer.start), end: Math.min(found.end, outer.end) };
}

/** The line of a statement. */
function within(source: FileText, place: Place, line: number | undefined): Place {
  if (line === undefined || line < place.line || line > place.endLine) return place;
  const found = placeOfLines(source, line, line);
  return { ...found, start: Math.max(found.start, place.start), end: Math.min(found.end, place.end) };
}

/** More than that is no name, but what is left of a broken statement. */
const longestWords = 1_000;

/** The words, where the statement has them; white space between them may be any. */
function narrowed(source: FileText, place: Place, words: string): Place {
  if (words.length > longestWords) return place;
  const escaped = words
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w$])${escaped.join("\\s+")}(?![\\w$])`, "i");
  const found = pattern.exec(source.text.slice(place.start, place.end));
  if (found === null) return place;
  const start = place.start + found.index;
  return placeOf(source, start, start + found[0].length);
}
