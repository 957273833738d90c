import type { Found, LintedFile } from "../found.js";
import type { FileText, Place } from "../place.js";
import type { Edit, Fix } from "./fix.js";
import { replaceCall } from "./replace-call.js";
import { editAt, replaceStatement } from "./replace-statement.js";

/** These run outside a transaction, each by itself, and need no line that says so. */
const alone = /^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX)\b[^(;]*\bCONCURRENTLY\b/i;

/** The rewrite of a finding, where its rule has one and the place allows it. */
export function fixOf(file: LintedFile, found: Found): Fix | null {
  const { rule, suppressed } = found;
  if (rule.fix === undefined || suppressed !== null) return null;
  const edits = found.say.before === undefined ? statementEdits(file, found) : settingEdits(file, found);
  return edits === null ? null : { title: rule.fix, edits };
}

function statementEdits(file: LintedFile, found: Found): readonly Edit[] | null {
  const { unit, statement, number, scope, say, sql } = found;
  if (unit === null || statement === null || scope === null || number === null) return null;
  // A statement in the body of another one runs in its transaction.
  if (sql !== statement.sql) return null;
  const { op } = statement;
  if (file.language === "typescript" && op !== null && op.kind !== "execute") {
    const isShared = unit.judged.unit.statements.some(
      (other, at) => other.op !== op && samePlace(unit.places[at], scope),
    );
    if (isShared || file.safeCalls === undefined) return null;
    const { safeCalls } = file;
    return replaceCall(file.source, scope, (indent) => safeCalls(op, indent));
  }
  if (say.instead === undefined || !isWritten(file, scope, sql)) return null;
  const isRevision = unit.judged.unit.revision !== null;
  const needsTransactions = say.instead.length > 1 || say.instead.some((one) => alone.test(one));
  // The runner of another tool has its own mind about transactions, and no comment of ours changes that.
  if (!isRevision && needsTransactions && statement.transaction.by !== "none") return null;
  if (file.language === "typescript" && say.instead.some((one) => /[`\\]|\$\{/.test(one))) return null;
  return replaceStatement(file.source, scope, say.instead, {
    divided: isRevision && !isAutocommit(file, scope),
    isLast: number === unit.judged.unit.statements.length - 1,
  });
}

function samePlace(a: Place | undefined, b: Place): boolean {
  return a !== undefined && a.start === b.start && a.end === b.end;
}

const squeezed = (text: string): string => text.replace(/\s+/g, " ").trim();

/** True when the statement stands in the file as it runs. */
function isWritten({ source }: LintedFile, { start, end }: Place, sql: string | null): boolean {
  return sql !== null && squeezed(source.text.slice(start, end)) === squeezed(sql);
}

/** True in a section of SQL that says that none of it is in a transaction. */
function isAutocommit({ language, source }: LintedFile, { start }: Place): boolean {
  if (language !== "sql") return /\.autocommit\(/.test(source.text);
  const from = source.text.lastIndexOf("-- aludel:upgrade", start);
  const other = source.text.lastIndexOf("-- aludel:downgrade", start);
  return source.text.slice(Math.max(from, other, 0)).includes("aludel:no-transaction");
}

/** A setting that holds for the rest of the file, above the statement that lacks it. */
function settingEdits(file: LintedFile, { say, place, unit }: Found): readonly Edit[] | null {
  if (say.before === undefined || unit === null || file.language !== "sql") return null;
  const first = unit.places.find(({ line }) => line === place.line);
  if (first === undefined) return null;
  const text = say.before.map((one) => `${one};\n`).join("");
  const start = lineStart(file.source, first.start);
  if (start === null) return null;
  return [editAt(file.source, start, start, text)];
}

function lineStart({ text }: FileText, offset: number): number | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*$/.test(text.slice(start, offset)) ? start : null;
}
