/** A piece of SQL that is neither white space nor a comment. */
export interface Lexeme {
  readonly kind: "word" | "quoted" | "string" | "sign";
  /** As it is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Parentheses and brackets around it; those themselves count as outside. */
  readonly depth: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*)`,
    String.raw`(?<string>[eE]'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*'|'[^']*(?:''[^']*)*'|\$(?<tag>[\p{L}_][\p{L}\p{N}_]*)?\$[^]*?\$\k<tag>\$)`,
    `(?<quoted>"[^"]*(?:""[^"]*)*")`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    "(?<sign>[^])",
  ].join("|"),
  "uy",
);

/** SQL of PostgreSQL in pieces; `null` where a quote, a comment or a parenthesis is left open. */
export function lexemes(sql: string): readonly Lexeme[] | null {
  const found: Lexeme[] = [];
  let [at, depth] = [0, 0];
  while (at < sql.length) {
    if (sql.startsWith("/*", at)) {
      const end = endOfComment(sql, at);
      if (end === null) return null;
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    if (match === null) return null;
    const { blank, string, quoted, word } = match.groups ?? {};
    const [start, text] = [at, match[0]];
    at = pattern.lastIndex;
    if (blank !== undefined) continue;
    if (string === undefined && quoted === undefined && /^['"]$/.test(text)) return null;
    if (text === ")" || text === "]") depth -= 1;
    if (depth < 0) return null;
    const kind =
      string !== undefined
        ? "string"
        : quoted !== undefined
          ? "quoted"
          : word !== undefined
            ? "word"
            : "sign";
    found.push({ kind, text, start, end: at, depth });
    if (text === "(" || text === "[") depth += 1;
  }
  return depth === 0 ? found : null;
}

/** Block comments nest. */
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

/** True for a key word, however it is written. */
export function isWord(lexeme: Lexeme | undefined, word: string): boolean {
  return lexeme?.kind === "word" && lexeme.text.toUpperCase() === word;
}
