import type { Found, LintedFile } from "../found.js";
import type { FileText, Place } from "../place.js";
import { assertFirst } from "./assert-first.js";
import { commitEdits } from "./commit-between.js";
import type { Edit, Fix } from "./fix.js";
import { inText, isWritten } from "./in-text.js";
import { indexEdits } from "./index-for-key.js";
import { isSharedCall, replaceCall } from "./replace-call.js";
import { editAt } from "./replace-statement.js";
import { piecesAround, piecesOf } from "./subcommands.js";

/** These run outside a transaction, each by itself, and need no line that says so. */
const alone = /^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX)\b[^(;]*\bCONCURRENTLY\b/i;

/** The rewrite of a finding, where its rule has one and the place allows it. */
export function fixOf(file: LintedFile, found: Found): Fix | null {
  const { rule, suppressed } = found;
  if (suppressed !== null) return null;
  if (found.say.precheck !== undefined) return assertFirst(file, found, found.say.precheck);
  if (rule.fix === undefined) return null;
  const edits = editsOf(file, found);
  if (edits === null) return null;
  const { commitBefore, index } = found.say;
  return {
    title: rule.fix,
    edits,
    isLast: commitBefore === true,
    ...(index === undefined ? {} : { adds: index }),
  };
}

function editsOf(file: LintedFile, found: Found): readonly Edit[] | null {
  if (found.say.before !== undefined) return settingEdits(file, found);
  if (found.say.index !== undefined) return indexEdits(file, found);
  return found.say.commitBefore === true ? commitEdits(file, found) : statementEdits(file, found);
}

function statementEdits(file: LintedFile, found: Found): readonly Edit[] | null {
  const { unit, statement, number, scope, say, sql, act } = found;
  if (unit === null || statement === null || scope === null || number === null) return null;
  // A statement in the body of another one runs in its transaction.
  if (sql !== statement.sql) return null;
  const { op } = statement;
  if (file.language === "typescript" && op !== null && op.kind !== "execute") {
    if (isSharedCall(unit, op, scope) || file.safeCalls === undefined) return null;
    const { safeCalls } = file;
    return replaceCall(file.source, scope, (indent) => safeCalls(op, indent));
  }
  if (say.instead === undefined || !isWritten(file.source, scope, sql)) return null;
  const isRevision = unit.judged.unit.revision !== null;
  const needsTransactions = say.instead.length > 1 || say.instead.some((one) => alone.test(one));
  // The runner of another tool has its own mind about transactions, and no comment of ours changes that.
  if (!isRevision && needsTransactions && statement.transaction.by !== "none") return null;
  const pieces = act === null ? piecesOf(say.instead) : piecesAround(sql, statement.acts, act, say.instead);
  if (pieces === null) return null;
  // goose cuts a file at its semicolons, also within a body, unless the body stands in a block of its own.
  if (isOfGoose(file) && pieces.some((one) => one.sql.includes(";"))) return null;
  const divided = isRevision && !isAutocommit(file, found, scope);
  const isLast = number === unit.judged.unit.statements.length - 1;
  return inText(file, scope, pieces, { divided, isLast });
}

const isOfGoose = ({ source }: LintedFile): boolean => /^--\s*\+goose\b/m.test(source.text);

/** True where nothing is in a transaction: in such a section of SQL, and in a call of `op.autocommit`. */
function isAutocommit({ language, source }: LintedFile, { statement }: Found, { start }: Place): boolean {
  if (language !== "sql") return statement?.transaction.by === "none";
  const from = source.text.lastIndexOf("-- aludel:upgrade", start);
  const other = source.text.lastIndexOf("-- aludel:downgrade", start);
  return source.text.slice(Math.max(from, other, 0), start).includes("aludel:no-transaction");
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
