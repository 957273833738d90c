import type { Node } from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import { messageOf } from "../../../../error/error.js";
import type { Parser } from "../../parser.js";
import { type Chunk, chunksOf } from "./chunks.js";
import { readNode } from "./statement.js";
import { StatementText } from "./statement-text.js";
import { withoutTail } from "./tail.js";

/** A statement of a script, as it stands there. */
export interface ReadStatement {
  /** Offsets of its first character, and behind its last one. */
  readonly start: number;
  readonly end: number;
  readonly sql: string;
  readonly acts: readonly Act[];
}

interface Raw {
  readonly stmt?: Node;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

// The parser's answer is many times as long as the text: what is longer than this is parsed statement by statement.
const wholeLimit = 200_000;

/**
 * Reads a script whatever it holds: what does not parse is a statement that is not analysed, and the rest goes on.
 */
export function readScript(parser: Parser, text: string): readonly ReadStatement[] {
  if (text.length <= wholeLimit) {
    const whole = tryParse(parser, text);
    if ("statements" in whole) return readParsed(text, 0, whole.statements);
  }
  return readChunks({ parser, text, lineOf: lineFinder(text) }, 0, 0);
}

/** A script that is read in pieces. */
interface Script {
  readonly parser: Parser;
  readonly text: string;
  readonly lineOf: (offset: number) => number;
}

// Calling the parser costs more than parsing a short statement does.
const batchLimit = 20_000;

function readChunks(script: Script, from: number, depth: number): readonly ReadStatement[] {
  const read: ReadStatement[] = [];
  const batch: Chunk[] = [];
  const flush = () => {
    for (const statement of readBatch(script, batch.splice(0), depth)) read.push(statement);
  };
  for (const chunk of chunksOf(script.text, from)) {
    const first = batch[0] ?? chunk;
    if (chunk.kind !== "sql" || chunk.end - first.start > batchLimit) flush();
    batch.push(chunk);
    if (chunk.kind !== "sql") flush();
  }
  flush();
  return read;
}

/** Chunks of SQL that follow each other are parsed at once; where one of them is broken, each by itself. */
function readBatch(script: Script, batch: readonly Chunk[], depth: number): readonly ReadStatement[] {
  const [first, last] = [batch[0], batch.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (batch.length > 1) {
    const sql = script.text.slice(first.start, last.end);
    const parsed = tryParse(script.parser, sql);
    if ("statements" in parsed) return readParsed(sql, first.start, parsed.statements);
  }
  return batch.flatMap((chunk) => readChunk(script, chunk, depth));
}

/** The acts of one statement that is known to be one, as a revision's are. */
export function readSingle(parser: Parser, sql: string): readonly Act[] {
  return readScript(parser, sql).flatMap(({ acts }) => acts);
}

type Parsed =
  | { readonly statements: readonly Raw[] }
  | { readonly message: string; readonly character: number };

function tryParse(parser: Parser, sql: string): Parsed {
  try {
    return { statements: parser.parseSync(sql).stmts ?? [] };
  } catch (thrown) {
    const position = (thrown as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition;
    // What is nested too deep ends the parser's own stack, which says so in words that nobody understands.
    const isDeep = thrown instanceof RangeError || /memory exhausted|stack/i.test(messageOf(thrown));
    return {
      message: isDeep ? "it is nested too deep to be parsed" : messageOf(thrown),
      character: Math.max(0, position ?? 0),
    };
  }
}

function readParsed(text: string, from: number, statements: readonly Raw[]): readonly ReadStatement[] {
  const offsetOf = offsets(text);
  return statements.flatMap(({ stmt, stmt_location: first = 0, stmt_len: length }) => {
    const start = offsetOf(first);
    const end = length ? offsetOf(first + length) : text.length;
    const sql = withoutTail(text.slice(start, end));
    if (stmt === undefined) return [];
    const acts = guarded(() => readNode(stmt, new StatementText(sql, first)));
    return [{ start: from + start, end: from + start + sql.length, sql, acts }];
  });
}

/** A tree that is deeper than the stack is a statement that is not analysed. */
function guarded(read: () => readonly Act[]): readonly Act[] {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return [{ kind: "not-analysed", why: "syntax", reason: "it is nested too deep to be read", line: null }];
  }
}

function readChunk(script: Script, chunk: Chunk, depth: number): readonly ReadStatement[] {
  const { parser, text } = script;
  const sql = text.slice(chunk.start, chunk.end);
  if (chunk.kind === "data") return [];
  if (chunk.kind === "meta") return [metaCommand(chunk, sql.trimEnd())];
  const parsed = tryParse(parser, sql);
  if ("statements" in parsed) return readParsed(sql, chunk.start, parsed.statements);
  const filled = withoutVariables(sql);
  const second = filled === sql ? parsed : tryParse(parser, filled);
  if ("statements" in second) return readParsed(filled, chunk.start, second.statements);
  return readBroken(script, chunk, { ...parsed, depth });
}

/** `:name`, `:'name'` and `:"name"` are psql's: names and constants of the same length take their place. */
function withoutVariables(sql: string): string {
  return sql.replaceAll(/(?<![:\w]):(?:'(\w+)'|"(\w+)"|([A-Za-z_]\w*))/g, (found) => ` ${found.slice(1)}`);
}

function metaCommand({ start, end }: Chunk, sql: string): ReadStatement {
  const [, command = "", argument = ""] = /^\\(\S*)\s*([\s\S]*)$/.exec(sql) ?? [];
  return { start, end, sql, acts: [{ kind: "meta-command", command, argument: argument.trim() }] };
}

// A text with more quotes that nobody closed is no SQL.
const mostUnclosed = 20;

/**
 * One finding for what does not parse. A quote that nobody closed must not take the rest of the file with it: after the
 * line that ends with a semicolon the next statement begins.
 */
function readBroken(
  script: Script,
  chunk: Chunk,
  error: { readonly message: string; readonly character: number; readonly depth: number },
): readonly ReadStatement[] {
  const { text, lineOf } = script;
  const sql = text.slice(chunk.start, chunk.end);
  const cut = chunk.open && error.depth < mostUnclosed ? /;[ \t]*\r?\n/.exec(sql) : null;
  const end = cut === null ? chunk.end : chunk.start + cut.index;
  const own = withoutTail(text.slice(chunk.start, end));
  const line = lineOf(chunk.start + offsetOfCharacter(sql, error.character));
  const broken: ReadStatement = {
    start: chunk.start,
    end: chunk.start + own.length,
    sql: own,
    acts: [{ kind: "not-analysed", why: "syntax", reason: error.message, line }],
  };
  return cut === null ? [broken] : [broken, ...readChunks(script, end + 1, error.depth + 1)];
}

/** Lines of offsets, from 1, in whichever order they are asked for. */
function lineFinder(text: string): (offset: number) => number {
  let begins: number[] | null = null;
  return (offset) => {
    if (begins === null) {
      begins = [0];
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) begins.push(at + 1);
    }
    let [low, high] = [0, begins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((begins[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The parser's errors count characters, not bytes. */
function offsetOfCharacter(text: string, characters: number): number {
  let offset = 0;
  for (let left = characters; left > 0 && offset < text.length; left -= 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The parser counts bytes of UTF-8. Asked in ascending order: every offset continues from the one before. */
function offsets(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const bytes = Buffer.from(text);
  let [lastByte, lastOffset] = [0, 0];
  return (byte) => {
    lastOffset += bytes.toString("utf8", lastByte, byte).length;
    lastByte = byte;
    return lastOffset;
  };
}
