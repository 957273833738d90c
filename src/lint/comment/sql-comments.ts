import type { Span } from "./comment.js";

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const interesting = /--|\/\*|['"`$]/g;

/** Where a quoted text ends, behind its last character; the end of the text when it has none. */
function endOfQuoted(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Block comments may stand in one another (PostgreSQL manual 4.1.5). */
function endOfBlock(text: string, from: number): number {
  const sign = /\/\*|\*\//g;
  sign.lastIndex = from;
  let depth = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return sign.lastIndex;
  }
  return text.length;
}

function isEscaped(text: string, quote: number): boolean {
  return /[eE]/.test(text[quote - 1] ?? "") && !/[\w$\u0080-\uffff]/.test(text[quote - 2] ?? "");
}

/** How deep bodies between dollar signs are looked into: a function that makes a function is two deep. */
const deepest = 4;

/** The tag of a body between dollar signs that begins here. */
function tagAt(text: string, at: number): string | null {
  if (/[\w$\u0080-\uffff]/.test(text[at - 1] ?? "")) return null;
  dollarTag.lastIndex = at;
  return dollarTag.exec(text)?.[0] ?? null;
}

/**
 * The comments of SQL text, in order; also those in bodies between dollar signs, where statements stand. Time grows with
 * the text, whatever is in it.
 */
export function sqlComments(text: string, depth = 0): readonly Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < text.length; ) {
    interesting.lastIndex = at;
    const found = interesting.exec(text);
    if (found === null) break;
    const start = found.index;
    const sign = found[0];
    if (sign === "--" || sign === "/*") {
      const newline = sign === "--" ? text.indexOf("\n", start) : endOfBlock(text, start);
      at = newline === -1 ? text.length : newline;
      spans.push({ start, end: at });
    } else if (sign === "$") {
      const tag = tagAt(text, start);
      if (tag === null) {
        at = start + 1;
        continue;
      }
      const inside = start + tag.length;
      const close = text.indexOf(tag, inside);
      const end = close === -1 ? text.length : close;
      if (depth < deepest) spans.push(...moved(sqlComments(text.slice(inside, end), depth + 1), inside));
      at = Math.min(text.length, end + tag.length);
    } else {
      at = endOfQuoted(text, start + 1, sign, sign === "'" && isEscaped(text, start));
    }
  }
  return spans;
}

/** Places in a part as places in the whole. */
export function moved(spans: readonly Span[], by: number): readonly Span[] {
  return spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
}
