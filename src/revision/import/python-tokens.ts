import { unreadable } from "./unreadable.js";

/** A token of Python, as far as module-level assignments of literals need them. */
export interface Token {
  readonly kind: "name" | "string" | "sign" | "other" | "end";
  /** The text as it is written; of a string what it stands for. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Spaces before it where it begins a line; `null` elsewhere. */
  readonly indent: number | null;
}

const patterns = {
  space: /[ \t\f]+|\\\r?\n|#[^\n]*/y,
  newline: /\r?\n/y,
  string: /([A-Za-z]{0,2})("""|'''|"|')/y,
  name: /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy,
  other: /[\d.][\w.]*|[+\-*/%@&|^<>=!:]=|->|[^\s]/y,
};

/**
 * The tokens of a Python file. `end` closes each logical line: lines inside brackets go on.
 * @throws AludelError `import-unreadable` for a text or a bracket that never ends.
 */
export function pythonTokens(file: string, text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let depth = 0;
  let lineStart = 0;
  let isFirst = true;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (kind: Token["kind"], value: string) => {
    tokens.push({ kind, text: value, line, indent: isFirst && kind !== "end" ? at - lineStart : null });
    isFirst = kind === "end";
  };
  const advance = (length: number) => {
    const passed = text.slice(at, at + length);
    const breaks = passed.split("\n").length - 1;
    line += breaks;
    at += length;
    if (breaks > 0) lineStart = at - (passed.length - passed.lastIndexOf("\n") - 1);
  };
  if (text.startsWith("\uFEFF")) at = lineStart = 1;
  while (at < text.length) {
    const space = take(patterns.space);
    const newline = space === null ? take(patterns.newline) : null;
    const opening = space === null && newline === null ? take(patterns.string) : null;
    if (space !== null) advance(space[0].length);
    else if (newline !== null) {
      if (depth === 0 && !isFirst) add("end", "");
      advance(newline[0].length);
    } else if (opening !== null) {
      const { value, length } = readText(file, text, at, line, opening);
      add(value === null ? "other" : "string", value ?? text.slice(at, at + length));
      advance(length);
    } else {
      const name = take(patterns.name);
      const found = (name ?? take(patterns.other))?.[0] ?? text.charAt(at);
      if (name === null && "([{".includes(found)) depth += 1;
      if (name === null && ")]}".includes(found)) depth = Math.max(0, depth - 1);
      add(name !== null ? "name" : /^[\d.]/.test(found) ? "other" : "sign", found);
      advance(found.length);
    }
  }
  if (depth > 0)
    throw unreadable(file, line, "The file ends inside a bracket", "Restore it from version control.");
  if (!isFirst) add("end", "");
  return tokens;
}

/** What a string stands for, and its length in the file; the value is `null` for bytes and f-strings. */
function readText(
  file: string,
  text: string,
  at: number,
  line: number,
  opening: RegExpExecArray,
): { readonly value: string | null; readonly length: number } {
  const [begin, prefix = "", quote = ""] = opening;
  let end = at + begin.length;
  while (end < text.length && !text.startsWith(quote, end)) {
    if (text.charAt(end) === "\n" && quote.length === 1) break;
    end += text.charAt(end) === "\\" ? (text.startsWith("\r\n", end + 1) ? 3 : 2) : 1;
  }
  if (!text.startsWith(quote, end)) {
    throw unreadable(
      file,
      line,
      "A text that begins here never ends",
      "Restore the file from version control.",
    );
  }
  const inner = text.slice(at + begin.length, end).replaceAll("\r\n", "\n");
  const length = end + quote.length - at;
  const kind = prefix.toLowerCase();
  if (kind === "r") return { value: inner, length };
  if (kind !== "" && kind !== "u") return { value: null, length };
  return { value: unescaped(inner), length };
}

const single: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** `null` for a character that is written by its Unicode name. */
function unescaped(text: string): string | null {
  if (/(?<!\\)(?:\\\\)*\\N\{/.test(text)) return null;
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
      const hex = x ?? u ?? long;
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal ?? "", 8);
      if (one !== undefined) return single[one] ?? whole;
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
