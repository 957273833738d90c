/** A comment of a file. */
export interface Comment {
  /** What it says, line by line, without its signs and the white space around; each with the line of the file it is on. */
  readonly lines: readonly { readonly text: string; readonly line: number }[];
  /** Offsets in the file, signs included. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  /** Nothing stands before it on its line. */
  readonly alone: boolean;
}

/** A comment's place, before it is read. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Comments from their places, which have to come in order. */
export function commentsAt(text: string, spans: readonly Span[]): readonly Comment[] {
  let line = 1;
  let last = 0;
  return spans.map(({ start, end }) => {
    for (let at = text.indexOf("\n", last); at !== -1 && at < start; at = text.indexOf("\n", at + 1))
      line += 1;
    last = start;
    const lines = text
      .slice(start, end)
      .split("\n")
      .map((one, at) => ({ text: withoutSigns(one), line: line + at }));
    const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    const endLine = line + lines.length - 1;
    return { lines, start, end, line, endLine, alone: before.trim() === "" };
  });
}

function withoutSigns(line: string): string {
  return line
    .trim()
    .replace(/^(?:--+|\/\/+|\/\*+|\*(?!\/)|#+)/, "")
    .replace(/\*+\/$/, "")
    .trim();
}
