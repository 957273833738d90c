import type { Found, LintedFile } from "../found.js";
import type { FileText, Place } from "../place.js";
import type { Edit } from "./fix.js";
import { literalAround } from "./literal.js";
import { isSharedCall } from "./replace-call.js";
import { commitLine, editAt, indentAt } from "./replace-statement.js";

/**
 * Commits what a revision has done before the statement. `null` in files that are no revisions, whose transactions are
 * somebody else's, and where the statement is not one of its own.
 */
export function commitEdits({ language, source }: LintedFile, found: Found): readonly Edit[] | null {
  const { unit, statement, number, scope, sql } = found;
  if (unit === null || statement === null || number === null || scope === null) return null;
  if (unit.judged.unit.revision === null || sql !== statement.sql) return null;
  if (statement.transaction.by !== "runner" || number === 0) return null;
  if (language === "sql") return lineAbove(source, scope.start, commitLine);
  const { op } = statement;
  const before = unit.judged.unit.statements[number - 1];
  if (op !== null && before?.op === op) {
    // One call of `op.execute` runs both; of another call only SQL that we make ourselves is several statements.
    return op.kind === "execute" ? insideLiteral(source, scope) : null;
  }
  if (op !== null && isSharedCall(unit, op, scope)) return null;
  const call =
    op?.kind === "execute" ? (literalAround(source, scope.start)?.start ?? scope.start) : scope.start;
  return aboveCall(source, call);
}

/** A line above the one that a statement begins in, and above the comments that belong to it. */
function lineAbove(source: FileText, offset: number, line: string): readonly Edit[] | null {
  const { text } = source;
  const indent = indentAt(source, offset);
  let start = text.lastIndexOf("\n", offset - 1) + 1;
  if (text.slice(start, offset).trim() !== "") {
    return line === commitLine ? [editAt(source, offset, offset, `\n${indent}${line}\n${indent}`)] : null;
  }
  for (;;) {
    const from = text.lastIndexOf("\n", start - 2) + 1;
    const above = text.slice(from, start).trim();
    const isComment = /^(?:--(?!\s*aludel:(?:commit|upgrade|downgrade))|\/\/)/.test(above);
    if (start === 0 || !isComment) break;
    start = from;
  }
  return [editAt(source, start, start, `${indent}${line}\n`)];
}

function insideLiteral(source: FileText, scope: Place): readonly Edit[] | null {
  return literalAround(source, scope.start)?.quote === "`"
    ? lineAbove(source, scope.start, commitLine)
    : null;
}

/** `await op.commit();` above a call that is a statement of its own. */
function aboveCall(source: FileText, offset: number): readonly Edit[] | null {
  const { text } = source;
  const from = text.lastIndexOf("\n", offset - 1) + 1;
  const line = /^[ \t]*(await\s+)?([A-Za-z_$][\w$]*)\.\w+\(/.exec(text.slice(from));
  if (line === null) return null;
  const [head, wait = "", object = "op"] = line;
  const isHere =
    offset >= from && text.slice(from, offset).trim().length <= head.trim().length + "sql".length;
  const start = from + head.length - head.trimStart().length;
  return isHere ? lineAbove(source, start, `${wait}${object}.commit();`) : null;
}
