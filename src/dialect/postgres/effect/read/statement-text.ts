import { type Token, tokenize } from "../../token.js";

/** A column's next constraint, or what ends an expression without brackets. */
const ends: ReadonlySet<string> = new Set(
  `not null constraint check primary unique references default generated deferrable initially using as where
  collate storage compression enforced no inherit match on add drop alter set rename validate`.split(/\s+/),
);

/**
 * The text of a statement, for finding expressions in it: the parser says where a node begins and not where it ends.
 */
export class StatementText {
  readonly #text: string;
  readonly #base: number;
  readonly #bytes: Buffer | null;
  #tokens: readonly Token[] | null | undefined;

  /** `base`: what the parser counts up to the text's first byte. */
  constructor(text: string, base: number) {
    this.#text = text;
    this.#base = base;
    const bytes = Buffer.byteLength(text);
    this.#bytes = bytes === text.length ? null : Buffer.from(text);
  }

  get whole(): string {
    return this.#text;
  }

  /** Offset in the text of a position of the parser's. */
  offset(position: number): number {
    const byte = position - this.#base;
    return this.#bytes === null ? byte : this.#bytes.toString("utf8", 0, byte).length;
  }

  /** The expression whose first and last nodes are at these positions; empty when its tokens cannot be told. */
  expression(first: number, last: number): string {
    if (first < 0) return "";
    this.#tokens ??= tokenize(this.#text);
    const tokens = this.#tokens ?? [];
    const [from, to] = [this.offset(first), this.offset(last)];
    const start = tokens.findIndex((token) => token.start + token.text.length > from);
    if (start < 0) return "";
    const end = this.#end(tokens, start, to);
    const [head, tail] = [tokens[start], tokens[end]];
    return head && tail ? this.#text.slice(head.start, tail.start + tail.text.length) : "";
  }

  #end(tokens: readonly Token[], start: number, to: number): number {
    let depth = 0;
    let end = start;
    let isAfterIs = false;
    for (let at = start; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token === undefined) break;
      const past = token.start > to;
      const word = token.kind === "word" ? token.value : "";
      if (depth === 0 && past) {
        if (token.text === ")" || token.text === "," || token.text === ";" || token.text === "]") break;
        if (!isAfterIs && ends.has(word)) break;
      }
      if (token.text === "(" || token.text === "[") depth += 1;
      if (token.text === ")" || token.text === "]") depth -= 1;
      isAfterIs = word === "is" || (isAfterIs && word === "not");
      end = at;
    }
    return end;
  }
}
