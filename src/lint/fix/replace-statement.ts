import { type FileText, type Place, rangeOf } from "../place.js";
import type { Edit } from "./fix.js";
import type { Piece } from "./subcommands.js";

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

/** The line that a revision's SQL is divided with: what stands above it is committed first. */
export const commitLine = "-- aludel:commit";

/**
 * Statements in the place of one. With `divided` they are committed as their `commitBefore` says, by lines that Aludel
 * understands; and the last one of those that stand by themselves, too, where another statement comes after it.
 */
export function replaceStatement(
  source: FileText,
  { start, end }: Pick<Place, "start" | "end">,
  pieces: readonly Piece[],
  { divided, isLast }: { readonly divided: boolean; readonly isLast: boolean },
): readonly Edit[] {
  const indent = indentAt(source, start);
  const replaced = editAt(source, start, end, layOut(pieces, divided, indent));
  const endsAlone =
    pieces.length > 1 && pieces.at(-1)?.commitBefore === true && pieces.at(-1)?.joins !== true;
  return !divided || isLast || !endsAlone ? [replaced] : [replaced, commitBehind(source, end, indent)];
}

/** The text of the statements, without a semicolon behind the last one. */
export function layOut(pieces: readonly Piece[], divided: boolean, indent: string): string {
  return pieces
    .map(({ lead, sql, trail, commitBefore }, at) => {
      const commit = divided && commitBefore ? `${commitLine}\n${indent}` : "";
      const isLast = at === pieces.length - 1;
      // Behind the last one stands the semicolon of the statement that was there.
      const comments = isLast ? `${lead}${trail === "" ? "" : `${trail.trim()}\n`}` : lead;
      return `${commit}${comments.replaceAll("\n", `\n${indent}`)}${sql}${isLast ? "" : `;${trail}\n${indent}`}`;
    })
    .join("");
}

/** Behind the statement's semicolon, and behind a comment on the same line. */
function commitBehind(source: FileText, end: number, indent: string): Edit {
  const rest = source.text.slice(end);
  const closed =
    /^(?:\s|--[^\n]*\n)*;[ \t]*(?:--[^\n]*)?(?=\n|$)/.exec(rest) ?? /^(?:\s|--[^\n]*\n)*;/.exec(rest);
  const at = end + (closed?.[0].length ?? 0);
  const isLineEnd = at >= source.text.length || source.text[at] === "\n";
  return editAt(source, at, at, `\n${indent}${commitLine}${isLineEnd ? "" : `\n${indent}`}`);
}
