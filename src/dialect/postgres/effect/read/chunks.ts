/**
 * A piece of a script, as psql cuts it: a statement, a command of psql's own, or the rows after COPY FROM STDIN. Offsets
 * are those of the text; a statement's end is before its semicolon.
 */
export interface Chunk {
  readonly kind: "sql" | "meta" | "data";
  readonly start: number;
  readonly end: number;
  /** A quote in it is never closed, so that it goes up to the end of the text. */
  readonly open: boolean;
}

const interesting = /['"$;\\()]|--|\/\*/g;
const plainString = /[^']*'/y;
const escapeString = /(?:[^'\\]|''|\\[\s\S])*'/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const wordBefore = /[\p{L}\p{N}_$]$/u;
const copiesFromStdin = /^copy\b[^;]*\bfrom\s+(?:stdin|'stdin')/i;
const atomic = /\bbegin\s+atomic\b/i;
// Commands that end the statement they stand behind, as a semicolon does.
const ending = /\\(?:g|gx|gset|gexec|gdesc|crosstabview|watch|bind)\b[^\n]*/y;

/** Cuts a script into its statements without parsing it, so that one that is broken keeps to itself. */
export function* chunksOf(text: string, from = 0): Generator<Chunk> {
  const scanner = new Scanner(text, from);
  for (let chunk = scanner.next(); chunk !== null; chunk = scanner.next()) {
    const start = chunk.kind === "sql" ? Math.min(firstToken(text, chunk.start), chunk.end) : chunk.start;
    if (start < chunk.end) yield { ...chunk, start };
    if (chunk.kind === "sql" && copiesFromStdin.test(text.slice(start, Math.min(start + 2000, chunk.end)))) {
      const data = scanner.data();
      if (data !== null) yield data;
    }
  }
}

class Scanner {
  readonly #text: string;
  #at: number;
  #open = false;
  #pending: Chunk | null = null;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#at = from;
  }

  next(): Chunk | null {
    if (this.#pending !== null) {
      const chunk = this.#pending;
      this.#pending = null;
      return chunk;
    }
    const text = this.#text;
    if (this.#at >= text.length) return null;
    const start = this.#at;
    let depth = 0;
    let at = start;
    for (;;) {
      interesting.lastIndex = at;
      const found = interesting.exec(text);
      if (found === null) return this.#sql(start, text.length, text.length);
      const mark = found[0];
      at = found.index;
      if (mark === "(") depth += 1;
      if (mark === ")") depth = Math.max(0, depth - 1);
      if (mark === ";" && depth === 0 && !this.#isInBody(start, at)) return this.#sql(start, at, at + 1);
      if (mark === "\\") return this.#meta(start, at);
      at = this.#skip(mark, at);
    }
  }

  /** The rows that follow a COPY FROM STDIN, up to the line `\.`; `null` when nothing of the kind is there. */
  data(): Chunk | null {
    const text = this.#text;
    const line = text.indexOf("\n", this.#at);
    if (line < 0) return null;
    const start = line + 1;
    const end = /^\\\.\r?$/gm;
    end.lastIndex = start;
    const found = end.exec(text);
    if (found === null) return null;
    this.#at = found.index + found[0].length;
    return { kind: "data", start, end: found.index, open: false };
  }

  #sql(start: number, end: number, next: number): Chunk {
    this.#at = next;
    return { kind: "sql", start, end, open: this.#open };
  }

  /** A command of psql's takes the rest of its line; what stands before it is a statement that it runs, or leaves. */
  #meta(start: number, at: number): Chunk {
    const text = this.#text;
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    ending.lastIndex = at;
    const isEnding = ending.test(text);
    this.#at = end;
    if (isEnding) return { kind: "sql", start, end: at, open: false };
    const meta: Chunk = { kind: "meta", start: at, end, open: false };
    if (firstToken(text, start) >= at) return meta;
    this.#pending = meta;
    return { kind: "sql", start, end: at, open: false };
  }

  /** Behind what begins at `at`. A quote that never ends goes up to the end of the text. */
  #skip(mark: string, at: number): number {
    const text = this.#text;
    const behind = (position: number, length: number) =>
      position < 0 ? this.#unclosed() : position + length;
    switch (mark) {
      case "'": {
        const isEscape = /^[eE]$/.test(text[at - 1] ?? "") && !wordBefore.test(text[at - 2] ?? "");
        const pattern = isEscape ? escapeString : plainString;
        pattern.lastIndex = at + 1;
        return pattern.test(text) ? pattern.lastIndex : this.#unclosed();
      }
      case '"':
        return behind(text.indexOf('"', at + 1), 1);
      case "$": {
        dollarTag.lastIndex = at;
        const tag = wordBefore.test(text[at - 1] ?? "") ? undefined : dollarTag.exec(text)?.[0];
        return tag === undefined ? at + 1 : behind(text.indexOf(tag, at + tag.length), tag.length);
      }
      case "--":
        return text.includes("\n", at) ? text.indexOf("\n", at) + 1 : text.length;
      case "/*":
        return endOfComment(text, at);
      default:
        return at + mark.length;
    }
  }

  #unclosed(): number {
    this.#open = true;
    return this.#text.length;
  }

  /** In the body of a function that is SQL itself (BEGIN ATOMIC … END) semicolons end what is in it. */
  #isInBody(start: number, at: number): boolean {
    const sql = this.#text.slice(start, at);
    const body = atomic.exec(sql);
    if (body === null || !/\bcreate\b/i.test(sql)) return false;
    const inside = sql.slice(body.index);
    const count = (word: RegExp) => inside.match(word)?.length ?? 0;
    return count(/\b(?:begin|case)\b/gi) > count(/\bend\b/gi);
  }
}

const space = /(?:\s+|--[^\n]*)*/uy;

/** Offset of the first character from `at` on that is neither white space nor in a comment. */
export function firstToken(text: string, at: number): number {
  for (let offset = at; ; ) {
    space.lastIndex = offset;
    space.exec(text);
    offset = space.lastIndex;
    if (!text.startsWith("/*", offset)) return offset;
    offset = endOfComment(text, offset);
  }
}

/** Block comments nest (manual 4.1.5). */
function endOfComment(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  for (let depth = 0; ; ) {
    const mark = marks.exec(text);
    if (mark === null) return text.length;
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
}
