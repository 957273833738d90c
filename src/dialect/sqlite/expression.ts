import type { Expression } from "../../schema/schema.js";
import { foldName, isMark, isWord, type Token, tokenize } from "./parse/tokenize.js";

/** Words that a bare name cannot replace in an expression, so that in quotes they mean something else. */
const reserved = new Set(
  `all and as asc between by case cast check collate current_date current_time current_timestamp desc distinct else
  end escape except exists false filter from glob group having in intersect is isnull join like limit match not
  notnull null on or order over raise regexp select then true union using values when where with`.split(
    /\s+/,
  ),
);

/** Two texts of one token that mean the same become the same. */
function canonical(token: Token): string {
  switch (token.kind) {
    case "word":
      return `w:${foldName(token.text)}`;
    case "quoted": {
      const name = foldName(token.value);
      return reserved.has(name) ? `q:${name}` : `w:${name}`;
    }
    case "string":
      return `s:${token.value}`;
    case "number":
    case "blob":
      return `n:${token.text.toLowerCase()}`;
    case "operator":
      return token.text === "==" ? "=" : token.text === "<>" ? "!=" : token.text;
    case "parameter":
      return token.text;
  }
}

/** Words after which a parenthesis only groups; after any other word it is a call, a list or a subquery. */
const grouping = ["AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "CASE", "BETWEEN", "LIKE", "GLOB", "IS"];

/** A parenthesis here cannot be a call, a list of IN or a row value: nothing but an operator is before it. */
function mayGroup(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "operator") return before.text !== ")" && before.text !== "," && before.text !== ".";
  return isWord(before, ...grouping);
}

/** For each opening parenthesis the place of its end; null when they do not match. */
function matchParentheses(tokens: readonly Token[]): ReadonlyMap<number, number> | null {
  const open: number[] = [];
  const ends = new Map<number, number>();
  for (const [at, token] of tokens.entries()) {
    if (isMark(token, "(")) open.push(at);
    if (!isMark(token, ")")) continue;
    const start = open.pop();
    if (start === undefined) return null;
    ends.set(start, at);
  }
  return open.length === 0 ? ends : null;
}

/** Places of parentheses that have no meaning: around all of it, around one token, and doubled ones. */
function needless(tokens: readonly Token[]): ReadonlySet<number> {
  const ends = matchParentheses(tokens);
  const found = new Set<number>();
  if (ends === null) return found;
  const drop = (start: number, end: number) => found.add(start).add(end);
  for (const [start, end] of ends) {
    let before = start - 1;
    let after = end + 1;
    while (found.has(before) && found.has(after)) {
      before -= 1;
      after += 1;
    }
    const inner = tokens[start + 1];
    // A subquery needs its parentheses, and an empty pair is no group.
    if (end === start + 1 || isWord(inner, "SELECT", "VALUES", "WITH")) continue;
    if (before < 0 && after >= tokens.length) drop(start, end);
    else if (!mayGroup(tokens[before])) continue;
    else if (end === start + 2 && inner?.kind !== "operator") drop(start, end);
    else if (ends.get(start + 1) === end - 1) drop(start + 1, end - 1);
  }
  return found;
}

function normalized(expression: Expression): string | null {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(expression);
  } catch {
    return null;
  }
  for (let before = -1; before !== tokens.length; ) {
    before = tokens.length;
    const gone = needless(tokens);
    tokens = tokens.filter((_, at) => !gone.has(at));
  }
  const [only] = tokens;
  // Alone these words are the numbers; `IS TRUE` is an operator of its own (lang_expr.html#booleanexpr).
  if (tokens.length === 1 && isWord(only, "TRUE", "FALSE")) return isWord(only, "TRUE") ? "n:1" : "n:0";
  return tokens.map(canonical).join("\u0000");
}

/**
 * True when two texts of an expression differ only in spelling that never has a meaning to SQLite: white space,
 * comments, the case of keywords and names, needless quotes around names and needless parentheses, `==` for `=`,
 * `<>` for `!=`, and `TRUE` or `FALSE` alone for 1 or 0. A string and a number (`'1'`, `1`) are never the same.
 */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  const one = normalized(a);
  return one !== null && one === normalized(b);
}

/** The text from its first token to its last: a comment at its end would swallow a parenthesis put behind it. */
export function trimExpression(expression: Expression): Expression {
  if (!/--|\/\*/.test(expression)) return expression.trim();
  const tokens = tokenize(expression);
  return expression.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

/** The expression without parentheses around the whole of it. */
export function stripParentheses(expression: Expression): Expression {
  let text = trimExpression(expression);
  for (;;) {
    const tokens = tokenize(text);
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first === undefined || last === undefined || !isMark(first, "(")) return text;
    if (matchParentheses(tokens)?.get(0) !== tokens.length - 1) return text;
    const inner = tokens[1];
    if (tokens.length === 2 || isWord(inner, "SELECT", "VALUES", "WITH")) return text;
    // From token to token: a comment at the end would swallow what is put behind the text.
    text = text.slice(inner?.start, tokens.at(-2)?.end);
  }
}

/** True when the text has this name in it, as a word or in any quotes; a name in a string counts too where SQLite may read it so. */
export function mentionsName(sql: string, name: string): boolean {
  const wanted = foldName(name);
  if (!foldName(sql).includes(wanted) && !/["`\]]/.test(name)) return false;
  return tokenize(sql).some(
    (token) => (token.kind === "word" || token.kind === "quoted") && foldName(token.value) === wanted,
  );
}
