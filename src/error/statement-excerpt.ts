import { redact } from "./redact.js";

const linesAround = 2;
const lineWidth = 100;

/**
 * The lines of a statement that a person needs to see: around the failing position, with a caret under it, or the
 * first ones. `position` counts characters (code points) from 1.
 */
export function excerpt(statement: string, position: number | null): readonly string[] {
  const lines = statement.split("\n");
  const at = position === null ? null : lineOf(lines, position);
  const first = at === null ? 0 : Math.max(0, at.line - linesAround);
  const last =
    at === null
      ? Math.min(lines.length, 2 * linesAround + 1)
      : Math.min(lines.length, at.line + linesAround + 1);
  const shown = lines.slice(first, last).flatMap((line, index) => {
    // Of a URL that is cut off nobody sees any more that there is a password in it.
    const clean = redact(line);
    // Taking it out moves what comes after it: a caret under the wrong word is worse than none.
    if (at === null || first + index !== at.line || clean !== line) return [shortened(clean, 0).text];
    const { text, skipped } = shortened(line, at.column);
    return [text, `${" ".repeat(at.column - skipped)}^`];
  });
  return [
    ...(first > 0 ? [more(first, "before")] : []),
    ...shown,
    ...(last < lines.length ? [more(lines.length - last, "more")] : []),
  ];
}

function more(count: number, word: string): string {
  return `… ${count} ${count === 1 ? "line" : "lines"} ${word}`;
}

/** Line and column, both from 0, the column in UTF-16 units as JavaScript counts. */
function lineOf(lines: readonly string[], position: number): { line: number; column: number } | null {
  let left = position - 1;
  for (const [line, text] of lines.entries()) {
    const characters = [...text];
    if (left <= characters.length) return { line, column: characters.slice(0, left).join("").length };
    left -= characters.length + 1;
  }
  return null;
}

/** The part of a line around a column, at most `lineWidth` wide; `skipped` is what it moved to the left by. */
function shortened(line: string, column: number): { text: string; skipped: number } {
  if (line.length <= lineWidth) return { text: line, skipped: 0 };
  const start = Math.max(0, Math.min(column - lineWidth / 2, line.length - lineWidth));
  const text = line.slice(start, start + lineWidth);
  const head = start > 0 ? "…" : "";
  const tail = start + lineWidth < line.length ? "…" : "";
  return { text: head + text + tail, skipped: start - head.length };
}
