import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globPattern } from "../../lint/glob.js";

/** A finding of the guard that is let through for a while. */
export interface Exception {
  readonly file: string;
  readonly line: number;
  readonly matchesPath: (path: string) => boolean;
  readonly signal: RegExp;
  /** The last day that it counts: `2026-12-31`. */
  readonly expires: string;
  readonly reason: string;
  readonly text: string;
}

/** A line of the file that is none. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Exceptions {
  readonly valid: readonly Exception[];
  readonly expired: readonly Exception[];
  readonly bad: readonly BadLine[];
}

/** Files of exceptions, in the order in which they are read, relative to the folder of the configuration. */
export const exceptionFiles: readonly string[] = [
  ".aludel/guard-exceptions.txt",
  ".github/migration-guard-exceptions.txt",
];

/** A line that is longer is no exception, but a mistake. */
const longest = 1_000;

/** The most days that an exception may be ahead. */
export const mostDays = 30;

/**
 * Reads the exceptions of a project: `path_glob|signal_regex|expires_yyyy-mm-dd|reason`, one a line; empty lines and those that
 * begin with `#` are none. `today` is a date, `2026-11-22`; `days` is how far ahead an exception may be.
 */
export function readExceptions(folders: readonly string[], today: string, days: number): Exceptions {
  const found = { valid: [] as Exception[], expired: [] as Exception[], bad: [] as BadLine[] };
  const files = new Set(folders.flatMap((folder) => exceptionFiles.map((name) => join(folder, name))));
  for (const file of files) {
    if (!existsSync(file)) continue;
    for (const [at, text] of readFileSync(file, "utf8").split(/\r?\n/).entries()) {
      if (text.trim() === "" || text.trimStart().startsWith("#")) continue;
      const read = readLine(text, { file, line: at + 1 }, today, days);
      if ("message" in read) found.bad.push(read);
      else if (read.expires < today) found.expired.push(read);
      else found.valid.push(read);
    }
  }
  return found;
}

function readLine(
  text: string,
  place: Pick<BadLine, "file" | "line">,
  today: string,
  days: number,
): Exception | BadLine {
  const bad = (message: string): BadLine => ({ ...place, message });
  if (text.length > longest) return bad(`has ${text.length} characters; ${longest} are the most`);
  // A reason, the last field, may have any character.
  const [glob = "", signal = "", expires = "", ...rest] = text.split("|").map((field) => field.trim());
  const reason = rest.join("|");
  const fields = { path_glob: glob, signal_regex: signal, "expires_yyyy-mm-dd": expires, reason };
  const missing = Object.entries(fields).flatMap(([name, value]) => (value === "" ? [name] : []));
  if (missing.length > 0) return bad(`has no ${missing.join(", ")}`);
  if (!isDate(expires)) return bad(`"${expires}" is no date: write 2026-12-31`);
  const latest = dayAfter(today, days);
  if (expires > latest)
    return bad(`is to hold until ${expires}; ${days} days ahead, ${latest}, is the furthest`);
  try {
    const pattern = new RegExp(signal, "i");
    return { ...place, matchesPath: globPattern([glob]), signal: pattern, expires, reason, text };
  } catch (error) {
    return bad(`"${signal}" is no regular expression: ${error instanceof Error ? error.message : error}`);
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
