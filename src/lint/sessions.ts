import { isAtLeast } from "../effect/lock.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { Relation } from "../effect/world.js";
import type { RevisionContext } from "./context.js";

const unitsInMilliseconds: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration as the server reads it, in milliseconds; `null` for what is none (Manual 19.1, "Setting Parameters"). */
export function milliseconds(value: string): number | null {
  const match = /^\s*([0-9.]+)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  const number = Number(match?.[1]);
  if (match === null || Number.isNaN(number)) return null;
  return number * (unitsInMilliseconds[match[2] ?? "ms"] ?? 1);
}

/** The first relation that others use and that the statement locks so that they wait for it. */
export function blocked(context: RevisionContext, statement: AnalysedStatement): Relation | undefined {
  // A write lock on rows is the daily business of a database.
  const strong = [...statement.onExisting.locks].filter(([, mode]) => isAtLeast(mode, "SHARE"));
  return strong
    .map(([id]) => statement.before.relations.get(id))
    .find((one) => one !== undefined && context.isExisting(one));
}

/** Aludel runs it, gives every step its timeouts, takes the settings back and can resume after each statement. */
export function isRunByUs(context: RevisionContext): boolean {
  return context.unit.revision !== null;
}
