import type { Range } from "../place.js";

/**
 * `unvalidated`: a constraint that is NOT VALID · `leftover-check`: a check that a NOT NULL has made needless ·
 * `dual-write`: a trigger that keeps two columns alike · `temporary`: what a comment says to be there for a time.
 */
export type ObligationKind = "unvalidated" | "leftover-check" | "dual-write" | "temporary";

/** Something that a revision has left to be done by a later one, and that none has done. */
export interface Obligation {
  readonly kind: ObligationKind;
  /** `public.orders.positive`. */
  readonly object: string;
  /** A sentence without its period. */
  readonly message: string;
  /** What takes it away. */
  readonly remedy: string;
  readonly file: string;
  readonly range: Range;
  readonly revision: string | null;
  /** The date of what made it, `2026-11-21`; `null` when that is not known. */
  readonly since: string | null;
  /** By when it must be gone; `null` when there is no date to count from. */
  readonly due: string | null;
  /** Days since then; `null` when it is not due, or due today. */
  readonly overdueDays: number | null;
  /** Why it is still there, as a comment says. */
  readonly reason: string | null;
}

/** How obligations are dated. */
export interface Deadlines {
  /** `2026-11-21`. */
  readonly today: string;
  /** Days until one is due that has no date of its own. */
  readonly days: number;
}

const msPerDay = 86_400_000;

export function dateText(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function daysAfter(date: string, days: number): string {
  return dateText(new Date(Date.parse(date) + days * msPerDay));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / msPerDay);
}

/** True for a day that there is: `2026-02-30` is none. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dateText(new Date(time)) === text;
}
