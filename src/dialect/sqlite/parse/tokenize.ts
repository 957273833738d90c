import { AludelError } from "../../../error/error.js";

/**
 * A lexical unit of SQL as SQLite takes text apart (SQLite: tokenize.c, "SQL Language Expressions").
 *
 * word: keyword or bare name · quoted: a name in `"…"`, `` `…` `` or `[…]` · string: `'…'` · blob: `x'…'`.
 */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "blob" | "parameter" | "operator";
  /** As it stands in the text. */
  readonly text: string;
  /** Without quotes for names and strings, otherwise as `text`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const letter = "A-Za-z_\\u0080-\\uffff";
// SQLite's own white space and no more: a no-break space is a letter to it.
const pattern = new RegExp(
  [
    "(?<skip>[ \\t\\n\\v\\f\\r\\ufeff]+|--[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))",
    "(?<blob>[xX]'[0-9A-Fa-f]*')",
    "(?<string>'[^']*(?:''[^']*)*')",
    '(?<quoted>"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\\[[^\\]]*\\])',
    `(?<word>[${letter}][${letter}0-9$]*)`,
    "(?<number>0[xX][0-9A-Fa-f_]+|(?:[0-9][0-9_]*(?:\\.[0-9_]*)?|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)",
    `(?<parameter>\\?[0-9]*|[:@$#][${letter}0-9$:]+)`,
    "(?<operator>->>?|\\|\\||<<|>>|<=|>=|==|!=|<>|[-+*/%=<>&|~(),.;])",
  ].join("|"),
  "uy",
);

const kinds = ["blob", "string", "quoted", "word", "number", "parameter", "operator"] as const;

/**
 * Takes SQL text apart; white space and comments are left out (their place is between `end` and the next `start`).
 * @throws AludelError `sql-failed` with the line where a string or name has no end, or a character has no meaning.
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    if (match === null) throw unreadable(sql, at);
    const text = match[0];
    const kind = kinds.find((one) => match.groups?.[one] !== undefined);
    if (kind !== undefined)
      tokens.push({ kind, text, value: contentOf(kind, text), start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}

function contentOf(kind: Token["kind"], text: string): string {
  if (kind !== "string" && kind !== "quoted") return text;
  const mark = text.charAt(0);
  const inner = text.slice(1, -1);
  return mark === "[" ? inner : inner.replaceAll(mark + mark, mark);
}

/** The line of an offset, from 1. */
export function lineAt(sql: string, offset: number): number {
  let line = 1;
  for (let at = sql.indexOf("\n"); at >= 0 && at < offset; at = sql.indexOf("\n", at + 1)) line += 1;
  return line;
}

function unreadable(sql: string, at: number): AludelError {
  const open = /^[xX]?['"`[]/.exec(sql.slice(at, at + 2));
  const what = open
    ? `A quote ${open[0].slice(-1)} is never closed`
    : `Unexpected ${JSON.stringify(sql.charAt(at))}`;
  return new AludelError("sql-failed", what, {
    where: { line: lineAt(sql, at), statement: sql },
    remedy: "Correct the SQL at this line.",
  });
}

/** True when the token is this keyword (upper case), written bare. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toUpperCase());
}

/** True when the token is this operator or punctuation mark. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === "operator" && token.text === mark;
}

/** True when the token can be a name: SQLite also takes a string for one. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted" || token?.kind === "string";
}

/** SQLite compares names without regard to the case of ASCII letters, and of no others. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
