import { keywords } from "./keywords.js";

/**
 * One token of SQL. `value` is what it means: an identifier or keyword folded to lower case unless it was quoted, a
 * string constant without its quotes. `text` is how it was written.
 */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "operator";
  readonly value: string;
  readonly text: string;
  readonly start: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*)`,
    String.raw`(?<string>(?:[eE]'(?:[^'\\]|''|\\[^])*'|[bBxXnN]?'(?:[^']|'')*'))`,
    `(?<quoted>"(?:[^"]|"")*")`,
    String.raw`(?<dollar>\$(?<tag>[\p{L}_][\p{L}\p{N}_]*)?\$[^]*?\$\k<tag>\$)`,
    String.raw`(?<word>[\p{L}_\u{80}-\u{10ffff}][\p{L}\p{N}_$\u{80}-\u{10ffff}]*)`,
    String.raw`(?<number>(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?|\$\d+)`,
    String.raw`(?<cast>::|:=|=>|\.\.)`,
    String.raw`(?<single>[()\[\],;:.])`,
    String.raw`(?<operator>(?:(?!--|/\*)[-+*/<>=~!@#%^&|?\x60])+)`,
  ].join("|"),
  "uy",
);

/** Splits SQL into tokens, without white space and comments. `null` for text that no token fits (an open quote). */
export function tokenize(sql: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    if (sql.startsWith("/*", at)) {
      const end = endOfComment(sql, at);
      if (end === null) return null;
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const groups = pattern.exec(sql)?.groups;
    if (groups === undefined) return null;
    const token = tokenOf(groups, at);
    if (token !== null) tokens.push(token);
    at = pattern.lastIndex;
  }
  return tokens;
}

/** Block comments nest (manual 4.1.5). */
function endOfComment(sql: string, start: number): number | null {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  for (let depth = 0; ; ) {
    const mark = marks.exec(sql);
    if (mark === null) return null;
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
}

function tokenOf(groups: Record<string, string | undefined>, start: number): Token | null {
  const { string, quoted, dollar, word, number } = groups;
  if (groups["space"] !== undefined) return null;
  if (string !== undefined) return { kind: "string", value: stringValue(string), text: string, start };
  if (dollar !== undefined) {
    const edge = dollar.indexOf("$", 1) + 1;
    return { kind: "string", value: `'${dollar.slice(edge, -edge)}`, text: dollar, start };
  }
  if (quoted !== undefined) {
    return { kind: "quoted", value: quoted.slice(1, -1).replaceAll('""', '"'), text: quoted, start };
  }
  if (word !== undefined) return { kind: "word", value: word.toLowerCase(), text: word, start };
  if (number !== undefined) return { kind: "number", value: number, text: number, start };
  const text = groups["cast"] ?? groups["single"] ?? groups["operator"] ?? "";
  return { kind: "operator", value: text, text, start };
}

/** What a string constant means, after a mark of its kind: `'abc'` and `E'abc'` are one, `B'01'` is another. */
function stringValue(text: string): string {
  const quote = text.indexOf("'");
  const prefix = text.slice(0, quote).toLowerCase();
  const body = text.slice(quote + 1, -1).replaceAll("''", "'");
  if (prefix === "e") return body.includes("\\") ? `e'${body}` : `'${body}`;
  return `${prefix}'${body}`;
}

/** True for a keyword, or an identifier without quotes; `word` is in lower case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.value === word;
}

/** True for an operator or mark, such as `(` or `::`. */
export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "operator" && token.text === sign;
}

/** True when both are identifiers (or keywords) and name the same thing, or are the same in every other way. */
export function sameToken(a: Token, b: Token): boolean {
  return tokenKey(a) === tokenKey(b);
}

/** A key that two tokens share when they mean the same: needless quotes are left out. */
export function tokenKey(token: Token): string {
  if (token.kind !== "quoted") return `${token.kind}:${token.value}`;
  return isPlain(token.value) ? `word:${token.value}` : `quoted:${token.value}`;
}

/** True for a name that means the same with and without quotes. */
export function isPlain(identifier: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(identifier) && !keywords.has(identifier);
}

/** How a query begins: as an expression it needs parentheses of its own (manual 4.2.11, scalar subqueries). */
const queries: ReadonlySet<string> = new Set(["select", "with", "values", "table"]);

/** The tokens without parentheses around the whole, however many; a query keeps its own. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && closes(inner) === inner.length - 1) {
    const second = inner[1];
    if (second?.kind === "word" && queries.has(second.value)) break;
    inner = inner.slice(1, -1);
  }
  return inner;
}

/** Position of the parenthesis that closes the first token; -1 when the first token is not an opening one. */
function closes(tokens: readonly Token[]): number {
  if (tokens[0]?.text !== "(") return -1;
  let depth = 0;
  for (const [position, token] of tokens.entries()) {
    if (token.kind !== "operator") continue;
    if (token.text === "(" || token.text === "[") depth += 1;
    if (token.text === ")" || token.text === "]") depth -= 1;
    if (depth === 0) return position;
  }
  return -1;
}

/** An expression without parentheses around the whole; text that cannot be split stays as it is. */
export function trimExpression(sql: string): string {
  const trimmed = sql.trim();
  if (!trimmed.startsWith("(")) return trimmed;
  const tokens = tokenize(trimmed);
  if (tokens === null) return trimmed;
  const inner = withoutOuterParentheses(tokens);
  const first = inner[0];
  const last = inner.at(-1);
  return first === undefined || last === undefined
    ? trimmed
    : trimmed.slice(first.start, last.start + last.text.length);
}

/**
 * True when two texts of an expression are the same but for spelling that never has a meaning: white space, comments,
 * the case of keywords and unquoted identifiers, needless quotes, parentheses around the whole, a trailing semicolon.
 */
export function sameExpression(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [expressionTokens(a), expressionTokens(b)];
  if (left === null || right === null || left.length !== right.length) return false;
  return left.every((token, position) => {
    const other = right[position];
    return other !== undefined && sameToken(token, other);
  });
}

function expressionTokens(sql: string): readonly Token[] | null {
  const tokens = tokenize(sql);
  if (tokens === null) return null;
  return withoutOuterParentheses(tokens.at(-1)?.text === ";" ? tokens.slice(0, -1) : tokens);
}
