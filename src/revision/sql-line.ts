/** The state of a scan after some SQL text: the quote it ended inside of, or `null`. */
export type OpenQuote = "'" | "E'" | '"' | "`" | `$${string}$` | "/*" | null;

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

function endOfString(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (escapes && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return -1;
}

function endOfComment(text: string, from: number): number {
  const end = text.indexOf("*/", from);
  return end === -1 ? -1 : end + 2;
}

function endOfQuote(text: string, from: number, open: NonNullable<OpenQuote>): number {
  if (open === "/*") return endOfComment(text, from);
  if (open.startsWith("$")) {
    const end = text.indexOf(open, from);
    return end === -1 ? -1 : end + open.length;
  }
  return endOfString(text, from, open.at(-1) ?? "'", open === "E'");
}

function quoteAt(text: string, at: number): NonNullable<OpenQuote> | null {
  const character = text[at];
  if (character === "'") {
    const escapes = /[eE]/.test(text[at - 1] ?? "") && !/[\w$\u0080-\uffff]/.test(text[at - 2] ?? "");
    return escapes ? "E'" : "'";
  }
  if (character === '"' || character === "`") return character;
  if (character === "/" && text[at + 1] === "*") return "/*";
  if (character !== "$" || /[\w$\u0080-\uffff]/.test(text[at - 1] ?? "")) return null;
  dollarTag.lastIndex = at;
  return (dollarTag.exec(text)?.[0] as `$${string}$` | undefined) ?? null;
}

const openLength = (open: NonNullable<OpenQuote>): number => (open === "E'" ? 1 : open.length);

/**
 * Goes over SQL text and says which of its lines begin inside a quote, whose white space is therefore part of a
 * value, and which quote is open at the end. It knows the quotes of every engine at once (`'…'`, `E'…'`, `"…"`,
 * `` `…` ``, `$tag$…$tag$`, comments); that is enough to tell lines apart, not to parse SQL.
 */
export function scanLines(text: string): {
  readonly quoted: readonly boolean[];
  readonly open: OpenQuote;
} {
  const quoted: boolean[] = [false];
  const skip = (from: number, to: number) => {
    for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1))
      quoted.push(true);
  };
  let at = 0;
  while (at < text.length) {
    if (text[at] === "\n") quoted.push(false);
    if (text[at] === "-" && text[at + 1] === "-") {
      const end = text.indexOf("\n", at);
      if (end === -1) break;
      at = end;
      continue;
    }
    const open = quoteAt(text, at);
    if (open === null) {
      at++;
      continue;
    }
    const end = endOfQuote(text, at + openLength(open), open);
    skip(at, end === -1 ? text.length : end);
    if (end === -1) return { quoted, open };
    at = end;
  }
  return { quoted, open: null };
}

const indentOf = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0;

/**
 * Takes away the white space around SQL text and the indentation that its lines share. Lines that begin inside a
 * quote are left alone, so that no value changes; text whose quotes do not end is only trimmed.
 */
export function dedent(text: string): string {
  if (!text.includes("\n")) return text.trim();
  const { quoted, open } = scanLines(text);
  if (open !== null) return text.trim();
  const lines = text.split("\n");
  const movable = (line: string, at: number) => !quoted[at] && line.trim() !== "";
  const first = lines.findIndex((line) => line.trim() !== "");
  // Text that starts right after the opening backtick has no indentation of its own to share.
  const indents = lines.flatMap((line, at) => (movable(line, at) && at > 0 ? [indentOf(line)] : []));
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  const moved = lines.map((line, at) => {
    if (quoted[at]) return line;
    if (line.trim() === "" && at !== lines.length - 1) return "";
    return at === 0 && first === 0 ? line.trimStart() : line.slice(Math.min(shared, indentOf(line)));
  });
  return moved.join("\n").trim();
}

/** The inverse of `dedent` for text that it leaves alone; `null` where there is no such indentation. */
export function indent(text: string, by: string): string | null {
  const { quoted, open } = scanLines(text);
  if (open !== null) return null;
  const lines = text.split("\n").map((line, at) => (quoted[at] || line === "" ? line : by + line));
  const result = lines.join("\n");
  return dedent(`\n${result}\n`) === text ? result : null;
}
