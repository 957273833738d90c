import { AludelError } from "../../../../error/error.js";
import { splitStatements } from "../../split.js";

/** A statement of a script, with its place. */
export interface ScriptStatement {
  readonly sql: string;
  readonly line: number;
  readonly endLine: number;
  readonly start: number;
  readonly end: number;
  /** Why it cannot be read; `null` when it can. */
  readonly broken: string | null;
}

/** Text that fails so often is no SQL; the rest of it is one statement. */
const mostFailures = 50;

const linesIn = (text: string): number => text.split("\n").length - 1;

/**
 * The statements of a script. What cannot be taken apart is one broken statement, up to the next line that begins
 * behind a semicolon, and the rest goes on.
 */
export function readScript(text: string): readonly ScriptStatement[] {
  const found: ScriptStatement[] = [];
  let [start, line, failures] = [0, 1, 0];
  while (start < text.length) {
    const rest = text.slice(start);
    const failure = take(rest, start, line, found);
    if (failure === null) break;
    failures += 1;
    const from = lineStart(rest, failure.line);
    // What is before the line that fails is read by itself; what it leaves unfinished belongs to the failure.
    const before = rest.slice(0, from);
    const semicolon = before.lastIndexOf(";") + 1;
    if (semicolon > 0) take(before.slice(0, semicolon), start, line, found);
    const next = /;[ \t]*\r?\n/g;
    next.lastIndex = from;
    const match = failures < mostFailures ? next.exec(rest) : null;
    const end = match === null ? rest.length : match.index + match[0].length;
    const broken = rest.slice(semicolon, end);
    const blank = broken.length - broken.trimStart().length;
    const at = start + semicolon + blank;
    const first = line + linesIn(rest.slice(0, semicolon + blank));
    const sql = broken.trim();
    if (sql !== "")
      found.push({
        sql,
        line: first,
        endLine: first + linesIn(sql),
        start: at,
        end: at + sql.length,
        broken: failure.reason,
      });
    line += linesIn(rest.slice(0, end));
    start += end;
  }
  return found;
}

/** Adds the statements of a text that can be taken apart; says where one cannot. */
function take(
  text: string,
  start: number,
  line: number,
  into: ScriptStatement[],
): { readonly line: number; readonly reason: string } | null {
  try {
    for (const one of splitStatements(text)) {
      const first = line + one.line - 1;
      into.push({
        sql: one.sql,
        line: first,
        endLine: first + linesIn(one.sql),
        start: start + one.start,
        end: start + one.end,
        broken: null,
      });
    }
    return null;
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return { line: error.where?.line ?? 1, reason: error.message.replace(/ on line \d+/, "") };
  }
}

/** The offset at which a line begins, from 1. */
function lineStart(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) {
    const next = text.indexOf("\n", at);
    if (next < 0) return at;
    at = next + 1;
  }
  return at;
}
