/** A part of a file. */
export interface Place {
  /** Offsets in the text, of the first character and behind the last one. */
  readonly start: number;
  readonly end: number;
  /** Lines of its first and its last character, from 1. */
  readonly line: number;
  readonly endLine: number;
}

/** A place as outputs name it. Columns and lines are from 1, bytes from 0 in the file as it is on disk. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Behind the last character. */
  readonly endColumn: number;
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * The text of a file as it is looked at: without a byte order mark, with `\n` at the ends of its lines. What it was
 * before is remembered for the bytes.
 */
export interface FileText {
  readonly text: string;
  /** Offsets in `text` at which lines begin. */
  readonly lines: readonly number[];
  readonly hasMark: boolean;
  /** `\r\n` at the ends of lines. */
  readonly hasReturns: boolean;
  /** It was no UTF-8 and is taken for Latin 1, where every byte is a character. */
  readonly isLatin: boolean;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function fileText(bytes: Uint8Array): FileText {
  const utf16 = utf16Of(bytes);
  let isLatin = false;
  let raw: string;
  try {
    raw = utf16 ?? utf8.decode(bytes);
  } catch {
    isLatin = true;
    raw = Buffer.from(bytes).toString("latin1");
  }
  return { ...textOf(raw), isLatin };
}

/** Windows writes SQL files like this. */
function utf16Of(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  return first === 0xfe && second === 0xff ? new TextDecoder("utf-16be").decode(bytes) : null;
}

export function textOf(raw: string): FileText {
  const hasMark = raw.startsWith("\uFEFF");
  const hasReturns = raw.includes("\r\n");
  const marked = hasMark ? raw.slice(1) : raw;
  const text = hasReturns ? marked.replaceAll("\r\n", "\n") : marked;
  const lines = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
  return { text, lines, hasMark, hasReturns, isLatin: false };
}

/** The line that an offset is on, from 1. */
export function lineAt({ lines }: FileText, offset: number): number {
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

export function lineText({ text, lines }: FileText, line: number): string {
  const start = lines[line - 1];
  if (start === undefined) return "";
  const end = lines[line];
  return text.slice(start, end === undefined ? text.length : end - 1);
}

export function placeOf(file: FileText, start: number, end: number): Place {
  return { start, end, line: lineAt(file, start), endLine: lineAt(file, Math.max(start, end - 1)) };
}

/** Whole lines, without the white space before and after them. */
export function placeOfLines(file: FileText, line: number, endLine: number): Place {
  const last = Math.min(Math.max(line, endLine), file.lines.length);
  const first = Math.min(Math.max(1, line), file.lines.length);
  const from = file.lines[first - 1] ?? 0;
  const to = (file.lines[last] ?? file.text.length + 1) - 1;
  const found = file.text.slice(from, to);
  const start = from + (found.length - found.trimStart().length);
  return { start, end: Math.max(start, from + found.trimEnd().length), line: first, endLine: last };
}

const countBytes = ({ isLatin }: FileText, text: string): number =>
  isLatin ? text.length : Buffer.byteLength(text);

const knownStarts = new WeakMap<FileText, readonly number[]>();

/** Bytes in front of each line: a large file has many findings, and is counted once. */
function lineStarts(file: FileText): readonly number[] {
  const known = knownStarts.get(file);
  if (known !== undefined) return known;
  let bytes = file.hasMark ? 3 : 0;
  const starts = file.lines.map((start, at) => {
    const own = bytes;
    bytes += countBytes(file, file.text.slice(start, file.lines[at + 1])) + (file.hasReturns ? 1 : 0);
    return own;
  });
  knownStarts.set(file, starts);
  return starts;
}

function byteAt(file: FileText, offset: number): number {
  const line = lineAt(file, offset) - 1;
  const inLine = countBytes(file, file.text.slice(file.lines[line], offset));
  return (lineStarts(file)[line] ?? 0) + inLine;
}

export function rangeOf(file: FileText, { start, end }: Pick<Place, "start" | "end">): Range {
  const line = lineAt(file, start);
  const endLine = lineAt(file, end);
  return {
    line,
    column: start - (file.lines[line - 1] ?? 0) + 1,
    endLine,
    endColumn: end - (file.lines[endLine - 1] ?? 0) + 1,
    startByte: byteAt(file, start),
    endByte: byteAt(file, end),
  };
}
