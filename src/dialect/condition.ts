import { tokenize } from "../op/tokens.js";
import type { Expression } from "../schema/schema.js";
import { samplePattern } from "./pattern-sample.js";

/** The constants of a condition, and what they suggest. */
export interface ConditionConstants {
  /** Candidates for a value: the constants, their neighbours, and texts that its patterns match. */
  readonly texts: readonly string[];
  /** Whole numbers that may be the length of something. */
  readonly lengths: readonly number[];
}

/** Finds what may satisfy a condition among what it says itself; whether it does only the engine knows. */
export function constantsOf(condition: Expression): ConditionConstants {
  const texts = new Set<string>();
  const lengths = new Set<number>();
  const keys: string[] = [];
  const numbers: number[] = [];
  let sign = "";
  for (const { kind, text } of tokenize(condition)) {
    if (kind === "number") {
      for (const one of neighbours(`${sign}${text}`)) texts.add(one);
      numbers.push(Number(`${sign}${text}`));
      if (/^\d{1,5}$/.test(text)) for (const near of [0, 1, -1]) lengths.add(Number(text) + near);
    }
    if (kind === "string") {
      const value = stringValue(text);
      for (const one of suggested(value)) texts.add(one);
      keys.push(value);
    }
    sign = text === "-" ? "-" : kind === "space" || text === "(" ? sign : "";
  }
  for (const one of between(numbers)) texts.add(one);
  if (keys.length > 0) for (const member of ["a", 1]) texts.add(recordOf(keys, member));
  return { texts: [...texts], lengths: [...lengths].filter((length) => length >= 0) };
}

/** An object that has all constants for keys: what conditions on JSON ask for. */
function recordOf(keys: readonly string[], member: string | number): string {
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, member])));
}

/** What lies in the middle of two numbers that are next to each other. */
function between(numbers: readonly number[]): readonly string[] {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted.slice(1).map((number, at) => String((number + (sorted[at] ?? number)) / 2));
}

function neighbours(number: string): readonly string[] {
  if (/^-?\d{1,18}$/.test(number)) {
    const value = BigInt(number);
    return [value, value + 1n, value - 1n].map(String);
  }
  const value = Number(number);
  return Number.isNaN(value) ? [] : [number, String(value + 1), String(value - 1), String(value / 2)];
}

/** The text of a string constant, also of `E'…'` and of a dollar quote. */
function stringValue(token: string): string {
  const dollar = /^\$\w*\$/.exec(token)?.[0];
  if (dollar !== undefined) return token.slice(dollar.length, -dollar.length);
  const open = token.indexOf("'");
  const inner = token.slice(open + 1, -1).replaceAll("''", "'");
  return /^e/i.test(token) ? inner.replace(/\\(.)/gs, "$1") : inner;
}

const samplesPerPattern = 6;

function suggested(constant: string): readonly string[] {
  const found = [constant];
  if (/[%_]/.test(constant)) found.push(constant.replaceAll("%", "x").replaceAll("_", "y"));
  if (/[\^$[\]+*?\\|(){}.]/.test(constant)) {
    for (let seed = 0; seed < samplesPerPattern; seed += 1) {
      let turn = seed;
      const sample = samplePattern(constant, (count) => {
        turn = (turn * 31 + 7) % 1_009;
        return turn % count;
      });
      if (sample !== null) found.push(sample);
    }
  }
  return found;
}

/**
 * A query for those of `candidates` (a list of literals for `columns`, each) that break none of the conditions, by
 * their place in the list. `relation` is the name that conditions may qualify columns with.
 */
export function satisfyingQuery(
  quote: (name: string) => string,
  relation: string,
  columns: readonly { readonly name: string; readonly cast: string | null }[],
  candidates: readonly (readonly Expression[])[],
  conditions: readonly Expression[],
): string {
  const place = quote("aludel place");
  const rows = candidates.map((values, row) => {
    const typed = values.map((value, at) => {
      const cast = columns[at]?.cast ?? null;
      return row > 0 || cast === null ? value : `CAST(${value} AS ${cast})`;
    });
    return `(${[row, ...typed].join(", ")})`;
  });
  const names = [place, ...columns.map(({ name }) => quote(name))].join(", ");
  const where = conditions.map((one) => `((${one}) OR (${one}) IS NULL)`).join(" AND ");
  return `WITH ${quote(relation)} (${names}) AS (VALUES ${rows.join(", ")})
SELECT ${place} AS place FROM ${quote(relation)} WHERE ${where}`;
}
