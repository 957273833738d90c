import type { Span } from "./comment.js";
import { moved, sqlComments } from "./sql-comments.js";

const interesting = /\/\/|\/\*|["'`{}/]/g;

/** What can stand before a regular expression, and not before a division. */
const beforePattern = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|await|yield))\s*$/;

function endOfText(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote || text[at] === "\n") return at + 1;
  }
  return text.length;
}

function endOfPattern(text: string, from: number): number {
  let isClass = false;
  for (let at = from; at < text.length && text[at] !== "\n"; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === "[") isClass = true;
    else if (character === "]") isClass = false;
    else if (character === "/" && !isClass) return at + 1;
  }
  return from;
}

/**
 * The comments of TypeScript or JavaScript, in order, and with them those of the SQL that stands in its templates. It
 * reads quotes, templates and regular expressions, no more: text that is no TypeScript gives what it gives.
 */
export function typescriptComments(text: string): readonly Span[] {
  const spans: Span[] = [];
  /** Open braces within each `${`: where they are closed the template goes on. */
  const holes: number[] = [];
  let at = 0;
  const template = (from: number): number => {
    for (let end = from; end < text.length; end += 1) {
      if (text[end] === "\\") {
        end += 1;
        continue;
      }
      const isHole = text[end] === "$" && text[end + 1] === "{";
      if (text[end] !== "`" && !isHole) continue;
      spans.push(...moved(sqlComments(text.slice(from, end)), from));
      if (isHole) holes.push(0);
      return end + (isHole ? 2 : 1);
    }
    return text.length;
  };
  while (at < text.length) {
    interesting.lastIndex = at;
    const found = interesting.exec(text);
    if (found === null) break;
    const start = found.index;
    const sign = found[0];
    at = start + sign.length;
    const open = holes.length - 1;
    if (sign === "//" || sign === "/*") {
      const close = text.indexOf(sign === "//" ? "\n" : "*/", at);
      at = close === -1 ? text.length : close + (sign === "//" ? 0 : 2);
      spans.push({ start, end: at });
    } else if (sign === '"' || sign === "'") at = endOfText(text, at, sign);
    else if (sign === "`") at = template(at);
    else if (sign === "/") {
      if (beforePattern.test(text.slice(Math.max(0, start - 40), start))) at = endOfPattern(text, at);
    } else if (open >= 0) {
      const depth = holes[open] ?? 0;
      if (sign === "{") holes[open] = depth + 1;
      else if (depth > 0) holes[open] = depth - 1;
      else {
        holes.pop();
        at = template(at);
      }
    }
  }
  return spans;
}
