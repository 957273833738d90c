import type { DropStmt, Node, ScanToken } from "libpg-query";
import { AludelError, messageOf } from "../../error/error.js";
import type { Statement } from "../dialect.js";
import { goneIndex, invalidIndex, validIndex } from "./index-state.js";
import { loadParser, type Parser } from "./parser.js";
import { effectOf, isTransactional } from "./statement-effect.js";

/**
 * Turns the parser's offsets, which count bytes of UTF-8, into offsets of the string. They have to be asked for in
 * ascending order: every one continues from the one before.
 */
function offsets(text: string): (byte: number) => number {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === text.length) return (byte) => byte;
  let lastByte = 0;
  let lastOffset = 0;
  return (byte) => {
    lastOffset += bytes.toString("utf8", lastByte, byte).length;
    lastByte = byte;
    return lastOffset;
  };
}

/** Lines of ascending offsets, from 1. */
function lines(text: string): (offset: number) => number {
  let line = 1;
  let last = 0;
  return (offset) => {
    for (let at = text.indexOf("\n", last); at >= 0 && at < offset; at = text.indexOf("\n", last)) {
      line++;
      last = at + 1;
    }
    return line;
  };
}

/** Offset in a string of the n-th character, from 0: the parser's errors count characters, not bytes. */
function offsetOfCharacter(text: string, characters: number): number {
  let offset = 0;
  for (let left = characters; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

function isComment({ tokenName }: ScanToken): boolean {
  return tokenName === "SQL_COMMENT" || tokenName === "C_COMMENT";
}

/** A statement without the white space and the comments after its last token. */
function withoutTail(parser: Parser, sql: string): string {
  const trimmed = sql.trimEnd();
  const lastLine = trimmed.slice(trimmed.lastIndexOf("\n") + 1);
  if (!trimmed.endsWith("*/") && !lastLine.includes("--")) return trimmed;
  const last = parser.scanSync(trimmed).tokens.findLast((token) => !isComment(token));
  return last === undefined ? "" : Buffer.from(trimmed).toString("utf8", 0, last.end);
}

function remedyFor(script: string, offset: number): string {
  if (script[offset] === "\\") {
    return "Take the line out: commands that start with a backslash are psql's, not the server's.";
  }
  if (/\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(script.slice(0, offset))) {
    return "Write the rows as INSERT (pg_dump --inserts): data after COPY FROM STDIN is not SQL.";
  }
  return "Correct the statement's syntax.";
}

function positionOf(thrown: unknown): number | undefined {
  return (thrown as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition;
}

/** What CONCURRENTLY leaves when it is cut off, as for the op of the same name. */
function repeatOf(node: Node): Pick<Statement, "repeat"> {
  if ("DropStmt" in node) return repeatOfDrop(node.DropStmt);
  if (!("IndexStmt" in node) || node.IndexStmt.concurrent !== true) return {};
  const { relation, idxname } = node.IndexStmt;
  if (relation?.relname === undefined || idxname === undefined) return {};
  const table = { namespace: relation.schemaname ?? null, name: relation.relname };
  return { repeat: { leftover: invalidIndex(table, idxname), done: validIndex(table, idxname) } };
}

function repeatOfDrop({ concurrent, objects = [] }: DropStmt): Pick<Statement, "repeat"> {
  const [only] = objects;
  if (concurrent !== true || objects.length !== 1 || only === undefined || !("List" in only)) return {};
  const parts = (only.List.items ?? []).map((one) => ("String" in one ? (one.String.sval ?? "") : ""));
  const [name = "", namespace = null] = parts.reverse();
  return { repeat: { leftover: null, done: goneIndex({ namespace, name }) } };
}

interface Parsed {
  readonly stmt?: Node;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

// pg_dump puts these around a dump, so that psql takes no other command of its own in between ("psql", \restrict).
const restrictLine = /^\\(?:un)?restrict[ \t]+[A-Za-z0-9]+[ \t]*\r?$/;

/**
 * Parses; lines with `\restrict` and `\unrestrict` count as blank where they are not in a quote, which the parser knows
 * by stumbling over them.
 */
function parse(
  parser: Parser,
  script: string,
): { readonly statements: readonly Parsed[]; readonly text: string } {
  for (let text = script; ; ) {
    try {
      return { statements: parser.parseSync(text).stmts ?? [], text };
    } catch (thrown) {
      const position = positionOf(thrown);
      const offset = position === undefined ? 0 : offsetOfCharacter(text, position);
      const end = text.indexOf("\n", offset);
      const line = text.slice(offset, end === -1 ? undefined : end);
      const isWhole = offset === 0 || text[offset - 1] === "\n";
      if (!isWhole || !restrictLine.test(line)) throw syntaxError(thrown, text);
      text = text.slice(0, offset) + " ".repeat(line.length) + text.slice(offset + line.length);
    }
  }
}

function syntaxError(thrown: unknown, script: string): AludelError {
  const position = positionOf(thrown);
  const offset = position === undefined ? 0 : offsetOfCharacter(script, position);
  const before = script.slice(0, offset);
  const line = before.split("\n").length;
  return new AludelError("sql-failed", messageOf(thrown), {
    remedy: remedyFor(script, offset),
    where: { line, column: offset - before.lastIndexOf("\n"), statement: script },
    data: { sqlState: "42601", line, position: (position ?? 0) + 1 },
    cause: thrown,
  });
}

/**
 * Splits a script with PostgreSQL's own parser (libpg-query, of PostgreSQL 18), so that dollar quotes, nested comments
 * and function bodies in SQL are what the server takes them for. Says of each statement what it does to the schema.
 *
 * @throws AludelError `sql-failed` with the line, for a script that does not parse.
 */
export async function splitPostgresScript(script: string): Promise<readonly Statement[]> {
  // A byte order mark is not SQL, and the positions of what follows must stay.
  const whole = script.startsWith("\uFEFF") ? ` ${script.slice(1)}` : script;
  if (whole.includes("\0")) {
    throw new AludelError("sql-failed", "The script has a NUL character", {
      remedy: "Save the file as UTF-8 (not UTF-16), and take the character out.",
      where: { line: whole.slice(0, whole.indexOf("\0")).split("\n").length },
    });
  }
  if (whole.trim() === "") return [];
  const parser = await loadParser();
  const { statements, text } = parse(parser, whole);
  const offsetOf = offsets(text);
  const lineOf = lines(text);
  return statements.map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const start = offsetOf(from);
    const sql = withoutTail(parser, text.slice(start, length ? offsetOf(from + length) : undefined));
    const node = stmt ?? ({} as Node);
    return {
      sql,
      line: lineOf(start),
      start,
      end: start + sql.length,
      effect: effectOf(node),
      transactional: isTransactional(node),
      ...("CallStmt" in node || "DoStmt" in node ? { prefersOutside: true } : {}),
      ...repeatOf(node),
    };
  });
}
