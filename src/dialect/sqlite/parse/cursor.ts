import { AludelError } from "../../../error/error.js";
import { isMark, isName, isWord, lineAt, type Token, tokenize } from "./tokenize.js";

/** A place in the tokens of one statement, for the parsers of this folder. */
export class Cursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.tokens = tokenize(sql);
  }

  /** The token here, or `ahead` tokens further. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.#at + ahead];
  }

  get isDone(): boolean {
    return this.#at >= this.tokens.length;
  }

  /** The token here, which is then behind. */
  next(): Token {
    const token = this.peek();
    if (token === undefined) throw this.unexpected("more text");
    this.#at += 1;
    return token;
  }

  isWord(...words: readonly string[]): boolean {
    return isWord(this.peek(), ...words);
  }

  isMark(mark: string): boolean {
    return isMark(this.peek(), mark);
  }

  /** Goes past these keywords if they are here, in this order. */
  takeWords(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => isWord(this.peek(ahead), word))) return false;
    this.#at += words.length;
    return true;
  }

  takeMark(mark: string): boolean {
    if (!this.isMark(mark)) return false;
    this.#at += 1;
    return true;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) throw this.unexpected(words.join(" "));
  }

  expectMark(mark: string): void {
    if (!this.takeMark(mark)) throw this.unexpected(mark);
  }

  /** A name in any quotes or none. */
  name(): string {
    const token = this.peek();
    if (token === undefined || !isName(token)) throw this.unexpected("a name");
    return this.next().value;
  }

  /** The last part of `name` or `schema.name`. */
  qualifiedName(): string {
    const first = this.name();
    return this.takeMark(".") ? this.name() : first;
  }

  /** `(…)` with everything in it, as tokens without the outer parentheses. */
  parenthesized(): readonly Token[] {
    this.expectMark("(");
    const start = this.#at;
    for (let depth = 1; depth > 0; ) {
      const token = this.next();
      if (isMark(token, "(")) depth += 1;
      if (isMark(token, ")")) depth -= 1;
    }
    return this.tokens.slice(start, this.#at - 1);
  }

  /** The text from the first to the last of the tokens, comments between them included. */
  textOf(tokens: readonly Token[]): string {
    const first = tokens[0];
    const last = tokens.at(-1);
    return first === undefined || last === undefined ? "" : this.sql.slice(first.start, last.end);
  }

  /** Everything that is left. */
  rest(): readonly Token[] {
    const tokens = this.tokens.slice(this.#at);
    this.#at = this.tokens.length;
    return tokens;
  }

  unexpected(wanted: string): AludelError {
    const token = this.peek();
    const found = token === undefined ? "the end" : token.text;
    const line = lineAt(this.sql, token?.start ?? this.sql.length);
    return new AludelError("schema-unreadable", `Expected ${wanted} and found ${found} on line ${line}`, {
      where: { statement: this.sql, line },
      remedy: "The database has a statement that Aludel cannot read: please report it with its text.",
    });
  }
}

/** The parts between commas that are in no parentheses. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, "(")) depth += 1;
    if (isMark(token, ")")) depth -= 1;
    if (depth === 0 && isMark(token, ",")) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
