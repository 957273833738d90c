import { type FileText, type Place, rangeOf } from "../place.js";
import type { Edit } from "./fix.js";

/** An edit by offsets in the text. */
export function editAt(source: FileText, start: number, end: number, text: string): Edit {
  const { startByte, endByte } = rangeOf(source, { start, end });
  return { start: startByte, end: endByte, text };
}

/** White space at the beginning of the line on which an offset is. */
export function indentAt({ text }: FileText, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

const commit = "-- aludel:commit";

/**
 * Statements in the place of one. With `divided` each of them is committed by itself, by lines that Aludel understands; the
 * last one, too, where another statement comes after it.
 */
export function replaceStatement(
  source: FileText,
  { start, end }: Pick<Place, "start" | "end">,
  statements: readonly string[],
  { divided, isLast }: { readonly divided: boolean; readonly isLast: boolean },
): readonly Edit[] {
  const indent = indentAt(source, start);
  const separator = divided ? `;\n${indent}${commit}\n${indent}` : `;\n${indent}`;
  const replaced = editAt(source, start, end, statements.join(separator));
  if (!divided || isLast || statements.length < 2) return [replaced];
  return [replaced, commitBehind(source, end, indent)];
}

/** Behind the statement's semicolon, and behind a comment on the same line. */
function commitBehind(source: FileText, end: number, indent: string): Edit {
  const rest = source.text.slice(end);
  const closed =
    /^(?:\s|--[^\n]*\n)*;[ \t]*(?:--[^\n]*)?(?=\n|$)/.exec(rest) ?? /^(?:\s|--[^\n]*\n)*;/.exec(rest);
  const at = end + (closed?.[0].length ?? 0);
  const isLineEnd = at >= source.text.length || source.text[at] === "\n";
  return editAt(source, at, at, `\n${indent}${commit}${isLineEnd ? "" : `\n${indent}`}`);
}
