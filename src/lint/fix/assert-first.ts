import { string } from "../../revision/write/literal.js";
import { call, print } from "../../revision/write/print.js";
import { statement } from "../../revision/write/sql.js";
import type { Found, LintedFile } from "../found.js";
import type { FileText, Place } from "../place.js";
import type { Precheck } from "../precheck.js";
import type { Edit, Fix } from "./fix.js";
import { literalAround } from "./literal.js";
import { importEdits } from "./replace-call.js";
import { editAt, indentAt } from "./replace-statement.js";

/**
 * An assertion above a statement that fails where rows are not as it needs them. Only in revisions: no other tool's runner
 * knows it.
 */
export function assertFirst(file: LintedFile, found: Found, asked: Precheck): Fix | null {
  const { unit, statement: analysed, scope, sql } = found;
  if (unit === null || unit.judged.unit.revision === null) return null;
  if (analysed === null || scope === null || sql !== analysed.sql) return null;
  const { op } = analysed;
  const alone = unit.judged.unit.statements.filter((other) => other.op === op).length === 1;
  const isCall = file.language === "typescript" && op !== null && (op.kind !== "execute" || alone);
  const isShared = unit.judged.unit.statements.some(
    (other, at) => other.op !== op && unit.places[at]?.start === scope.start,
  );
  if (isCall && isShared) return null;
  const start = isCall ? callStart(file.source, scope.start) : scope.start;
  const place = { start, end: scope.end };
  const edits = isCall ? callEdits(file.source, place, asked) : textEdits(file, place, asked);
  return edits === null ? null : { title: "Ask the rows first", edits, isLast: false };
}

/** Of a statement in a text that a call is given, the call. */
function callStart(source: FileText, start: number): number {
  const literal = literalAround(source, start);
  if (literal === null) return start;
  const from = Math.max(0, literal.start - 200);
  const found = /(?:await\s+)?[A-Za-z_$][\w$]*\.\w+\(\s*(?:sql)?$/.exec(
    source.text.slice(from, literal.start),
  );
  return found === null ? start : from + found.index;
}

const head = /^(await\s+)?([A-Za-z_$][\w$]*)\.\w+\(/;

function callEdits(
  source: FileText,
  { start, end }: Pick<Place, "start" | "end">,
  asked: Precheck,
): readonly Edit[] | null {
  const found = head.exec(source.text.slice(start, end));
  const above = lineAbove(source.text, start, "//");
  if (found === null || above === null) return null;
  const [, wait = "", object = "op"] = found;
  const indent = indentAt(source, start);
  const imports = new Set<"sql" | "t">();
  const node = call(`${object}.assert`, string(asked.message), statement({ imports }, asked.sql));
  const importing = importEdits(source, [...imports]);
  if (importing === null) return null;
  const text = print(node, indent.length, indent.length + wait.length, 1);
  return [...importing, editAt(source, above, above, `${indent}${wait}${text};\n`)];
}

/** In a file of SQL, or in a text that is given to `op.execute`. */
function textEdits(
  { language, source }: LintedFile,
  { start }: Pick<Place, "start">,
  { message, sql }: Precheck,
): readonly Edit[] | null {
  if (language === "typescript" && /[`\\]|\$\{/.test(`${message}${sql}`)) return null;
  const indent = indentAt(source, start);
  const above = lineAbove(source.text, start, "--");
  const question = `${indent}-- aludel:assert ${message}\n${indent}${sql};\n`;
  if (above !== null) return [editAt(source, above, above, question)];
  // In a template it may be a quote that it stands behind.
  return language === "sql" ? [editAt(source, start, start, `\n${question}${indent}`)] : null;
}

/** Where the line begins, or the first of the comments right above it; `null` where something stands before it on the line. */
function lineAbove(text: string, start: number, sign: string): number | null {
  let at = text.lastIndexOf("\n", start - 1) + 1;
  if (text.slice(at, start).trim() !== "") return null;
  while (at > 0) {
    const from = text.lastIndexOf("\n", at - 2) + 1;
    const line = text.slice(from, at).trim();
    if (!line.startsWith(sign) || divides.test(line)) break;
    at = from;
  }
  return at;
}

const divides = /^--\s*aludel:(?:upgrade|downgrade|commit|no-transaction|assert)\b/;
