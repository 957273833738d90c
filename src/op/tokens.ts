import type { Expression } from "../schema/schema.js";

/** One lexical unit of SQL text. Joined together the tokens of a text are the text. */
export interface Token {
  readonly kind: "space" | "comment" | "string" | "bare" | "quoted" | "number" | "other";
  readonly text: string;
}

const pattern = new RegExp(
  [
    "(?<space>\\s+)",
    "(?<comment>--[^\\n]*)",
    "(?<block>/\\*)",
    "(?<string>[eE]'(?:[^'\\\\]|''|\\\\.)*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')",
    "(?<dollar>\\$(?:[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_\\u0080-\\uffff]*)?\\$)",
    '(?<unicode>[uU]&"(?:[^"]|"")*")',
    '(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)',
    "(?<bare>[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_$\\u0080-\\uffff]*)",
    "(?<number>[0-9][0-9A-Za-z_.]*)",
    "(?<other>::|=>|.)",
  ].join("|"),
  "sy",
);

/**
 * Splits SQL text into tokens: strings (also `E''` and dollar quotes), identifiers (bare, in double quotes, in
 * backticks), comments (also nested ones), numbers, white space; anything else is one character of `other`.
 * (PostgreSQL manual, 4.1 Lexical Structure.) What is not terminated falls apart into `other`.
 */
export function tokenize(text: Expression): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const groups = pattern.exec(text)?.groups;
    const token = groups === undefined ? undefined : readToken(text, at, groups);
    const found = token ?? { kind: "other" as const, text: text.charAt(at) };
    tokens.push(found);
    at += found.text.length;
  }
  return tokens;
}

function readToken(text: string, at: number, groups: Record<string, string | undefined>): Token | undefined {
  const { space, comment, block, string, dollar, unicode, quoted, bare, number, other } = groups;
  if (space !== undefined) return { kind: "space", text: space };
  if (bare !== undefined) return { kind: "bare", text: bare };
  if (quoted !== undefined) return { kind: "quoted", text: quoted };
  if (string !== undefined) return { kind: "string", text: string };
  if (number !== undefined) return { kind: "number", text: number };
  if (comment !== undefined) return { kind: "comment", text: comment };
  if (block !== undefined) return { kind: "comment", text: text.slice(at, endOfComment(text, at)) };
  if (dollar !== undefined) {
    const end = text.indexOf(dollar, at + dollar.length);
    return end < 0 ? undefined : { kind: "string", text: text.slice(at, end + dollar.length) };
  }
  // U&"…" escapes could spell any name: it is never taken for one.
  const rest = unicode ?? other;
  return rest === undefined ? undefined : { kind: "other", text: rest };
}

function endOfComment(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    if (text.startsWith("/*", at)) {
      depth += 1;
      at += 2;
    } else if (text.startsWith("*/", at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return text.length;
}

/** The name in a quoted identifier, or the text in a plain string. */
export function unquote(text: string): string {
  const mark = text.charAt(0);
  return text.slice(1, -1).replaceAll(mark + mark, mark);
}

/** True for one of these words, in lower case, without quotes. */
export function isBare(token: Token | undefined, ...any: readonly string[]): boolean {
  return token?.kind === "bare" && any.includes(token.text.toLowerCase());
}

/** The texts differ only in white space, comments, and in whether names stand in quotes. */
export function sameWords(a: Expression, b: Expression): boolean {
  const words = (text: Expression) =>
    tokenize(text).flatMap((token) => {
      if (token.kind === "space" || token.kind === "comment") return [];
      const isName = token.kind === "bare" || token.kind === "quoted";
      return [isName ? `"${token.kind === "quoted" ? unquote(token.text) : token.text}` : token.text];
    });
  const [left, right] = [words(a), words(b)];
  return left.length === right.length && left.every((word, place) => word === right[place]);
}

/** Tokens without white space and comments, with the means to change them and join them again. */
export class Text {
  readonly #all: Token[];
  readonly #places: readonly number[];

  constructor(text: Expression) {
    this.#all = [...tokenize(text)];
    this.#places = this.#all.flatMap((token, place) =>
      token.kind === "space" || token.kind === "comment" ? [] : [place],
    );
  }

  get length(): number {
    return this.#places.length;
  }

  at(position: number): Token | undefined {
    const place = this.#places[position];
    return place === undefined ? undefined : this.#all[place];
  }

  replace(position: number, text: string): void {
    const place = this.#places[position];
    const old = place === undefined ? undefined : this.#all[place];
    if (place !== undefined && old !== undefined) this.#all[place] = { kind: old.kind, text };
  }

  is(position: number, text: string): boolean {
    const token = this.at(position);
    return token !== undefined && token.kind === "other" && token.text === text;
  }

  some(test: (position: number) => boolean): boolean {
    for (let position = 0; position < this.length; position += 1) if (test(position)) return true;
    return false;
  }

  join(): Expression {
    return this.#all.map((token) => token.text).join("");
  }
}
