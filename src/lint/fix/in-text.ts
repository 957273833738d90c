import type { LintedFile } from "../found.js";
import type { FileText, Place } from "../place.js";
import type { Edit } from "./fix.js";
import { literalAround } from "./literal.js";
import { editAt, replaceStatement } from "./replace-statement.js";
import type { Piece } from "./subcommands.js";

const squeezed = (text: string): string => text.replace(/\s+/g, " ").trim();

/** True when the statement stands in the file as it runs. */
export function isWritten(source: FileText, { start, end }: Place, sql: string | null): boolean {
  return sql !== null && squeezed(source.text.slice(start, end)) === squeezed(sql);
}

/** Statements in the place of one: in SQL, or in a text of the code, where one line becomes several when it must. */
export function inText(
  { language, source }: Pick<LintedFile, "language" | "source">,
  scope: Place,
  pieces: readonly Piece[],
  options: { readonly divided: boolean; readonly isLast: boolean },
): readonly Edit[] | null {
  if (language === "sql") return replaceStatement(source, scope, pieces, options);
  const literal = literalAround(source, scope.start);
  const own = source.text.slice(scope.start, scope.end);
  if (literal === null || pieces.some(({ sql }) => sql !== own && /[`\\]|\$\{/.test(sql))) return null;
  const edits = replaceStatement(source, scope, pieces, options);
  const isPlain = literal.quote === "`" || (pieces.length === 1 && !pieces[0]?.sql.includes(literal.quote));
  if (isPlain) return edits;
  const { start, end } = literal;
  if (/`|\$\{/.test(source.text.slice(start, end))) return null;
  return [editAt(source, start, start + 1, "`"), ...edits, editAt(source, end - 1, end, "`")];
}
