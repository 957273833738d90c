import type { FileText, Place } from "../place.js";
import type { Comment } from "./comment.js";

/** The places that a comment can be about. */
export interface Targets {
  readonly source: FileText;
  /** Statements, and those in their bodies; by where they start, the outer first. */
  readonly places: readonly Place[];
  readonly comments: readonly Comment[];
}

const isWithin = (inner: Place, outer: Place) => inner.start >= outer.start && inner.end <= outer.end;

/** By where they start, the outer first. */
export function sortPlaces(places: readonly Place[]): readonly Place[] {
  return [...places].sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * The statements that a comment speaks of: those on its line that it stands behind or in, or else the next one. Several
 * when one call makes several statements.
 */
export function statementsOf(comment: Comment, { places }: Targets): readonly Place[] {
  const around = places.filter((place) => place.start < comment.start && comment.start < place.end).at(-1);
  if (!comment.alone) {
    const onLine = places.filter(
      ({ start, line, endLine }) => start < comment.start && line <= comment.line && comment.line <= endLine,
    );
    const closest = onLine.filter(
      (place) =>
        !onLine.some((other) => other !== place && isWithin(other, place) && other.start > place.start),
    );
    if (closest.length > 0) return closest;
  }
  const next = places.find(
    ({ start, end }) => start >= comment.end && (around === undefined || end <= around.end),
  );
  if (next === undefined) return around === undefined ? [] : [around];
  return places.filter(({ start }) => start === next.start);
}

const divides = /^aludel:(?:upgrade|downgrade)\b/;

/**
 * True for a comment right above a statement, behind it on its line, or inside it. At the top of a file, with an empty
 * line below, it is about all of it.
 */
export function isAtStatement(comment: Comment, targets: Targets): boolean {
  const { places, source, comments } = targets;
  if (places.some(({ start, end }) => start < comment.start && comment.start < end)) return true;
  if (!comment.alone) return statementsOf(comment, targets).length > 0;
  const next = places.find(({ start }) => start >= comment.end);
  if (next === undefined) return false;
  let at = comment.end;
  for (;;) {
    const gap = /^\s*/.exec(source.text.slice(at, next.start))?.[0] ?? "";
    if (/\n[ \t]*\n/.test(gap)) return false;
    at += gap.length;
    if (at >= next.start) return true;
    const other = comments.find(({ start }) => start === at);
    if (other === undefined || other.lines.some(({ text }) => divides.test(text))) return false;
    at = other.end;
  }
}

/** True for a comment above which, and above whose next statement, no statement stands. */
export function isAboveAll(comment: Comment, { places }: Targets): boolean {
  return places.every(({ start }) => start >= comment.end);
}
