import type { Act } from "../../effect/act.js";
import { isWord, type Lexeme, lexemes } from "./lexer.js";

/** One subcommand of an ALTER TABLE, as it is written. */
export interface Subcommand {
  /** Comments above it, each with the end of its line. */
  readonly lead: string;
  readonly text: string;
  /** The comment behind it on its line. */
  readonly trail: string;
}

export interface Subcommands {
  /** `ALTER TABLE IF EXISTS ONLY orders`. */
  readonly head: string;
  readonly all: readonly Subcommand[];
}

/** The parts of `ALTER TABLE a …, …`; `null` for what is no such statement. */
export function subcommandsOf(sql: string): Subcommands | null {
  const pieces = lexemes(sql);
  const first = pieces?.[0];
  if (pieces === null || first === undefined) return null;
  const from = endOfHead(pieces);
  const last = pieces[from - 1];
  if (last === undefined || from >= pieces.length) return null;
  const all: Subcommand[] = [];
  let begin = from;
  // Where the text of the subcommand that is read begins, its comments included.
  let textFrom = last.end;
  for (let at = from; at <= pieces.length; at += 1) {
    const piece = pieces[at];
    const isComma = piece?.depth === 0 && piece.kind === "sign" && piece.text === ",";
    if (piece !== undefined && !isComma) continue;
    const [one, other] = [pieces[begin], pieces[at - 1]];
    if (one === undefined || other === undefined || at === begin) return null;
    const behind = piece === undefined ? "" : restOfLine(sql, piece.end);
    all.push({
      lead: commentLines(sql.slice(textFrom, one.start)),
      text: sql.slice(one.start, other.end),
      trail: piece === undefined ? "" : [commentIn(sql.slice(other.end, piece.start)), behind].join(""),
    });
    if (piece === undefined) break;
    textFrom =
      piece.end + (behind === "" ? 0 : sql.slice(piece.end).indexOf(behind.trim()) + behind.trim().length);
    begin = at + 1;
  }
  return { head: sql.slice(first.start, last.end), all };
}

/** Index of the first piece behind `ALTER TABLE [IF EXISTS] [ONLY] a.b [*]`. */
function endOfHead(pieces: readonly Lexeme[]): number {
  let at = 0;
  const take = (...words: readonly string[]): boolean => {
    if (!words.every((word, further) => isWord(pieces[at + further], word))) return false;
    at += words.length;
    return true;
  };
  if (!take("ALTER")) return 0;
  if (!(take("TABLE") || take("FOREIGN", "TABLE"))) return 0;
  take("IF", "EXISTS");
  take("ONLY");
  at += 1;
  while (pieces[at]?.text === ".") at += 2;
  if (pieces[at]?.text === "*") at += 1;
  return at;
}

const anyComment = /--[^\n]*|\/\*[\s\S]*?\*\//g;

function commentLines(text: string): string {
  return (text.match(anyComment) ?? []).map((comment) => `${comment.trim()}\n`).join("");
}

function commentIn(text: string): string {
  return (text.match(anyComment) ?? []).map((comment) => ` ${comment.trim()}`).join("");
}

/** A comment that stands behind a comma on its line speaks of what is before the comma. */
function restOfLine(sql: string, from: number): string {
  const [, comment] = /^[ \t]*(--[^\n]*)/.exec(sql.slice(from)) ?? [];
  return comment === undefined ? "" : ` ${comment.trimEnd()}`;
}

/** A statement that does what one of several subcommands does, by itself. */
export function alone({ head }: Subcommands, { text }: Subcommand): string {
  return `${head} ${text}`;
}

/** `StatementContext.textOf`: the statement that does the act alone. */
export function subcommandText(sql: string, act: Act): string | null {
  if (!("parts" in act) || act.parts === 1) return sql;
  const found = subcommandsOf(sql);
  const own = found?.all.length === act.parts ? found.all[act.part] : undefined;
  return found === null || own === undefined ? null : alone(found, own);
}

/** A statement in the place of another, with the comments that belong to it. */
export interface Piece {
  readonly sql: string;
  readonly lead: string;
  readonly trail: string;
  /** What stands before it is committed first. */
  readonly commitBefore: boolean;
  /** What comes after it may be in its transaction. */
  readonly joins: boolean;
}

/** Statements one by one, each committed before the next. */
export function piecesOf(statements: readonly string[]): readonly Piece[] {
  return statements.map((sql, at) => ({ sql, lead: "", trail: "", commitBefore: at > 0, joins: false }));
}

/**
 * Statements in the place of one of several subcommands, between those that stay in one ALTER TABLE before them and
 * behind them. The server takes subcommands in an order of its own (the passes of the manual's ALTER TABLE, "Notes"):
 * what goes, then types, then new columns, then the rest.
 */
export function piecesAround(
  sql: string,
  acts: readonly Act[],
  act: Act,
  statements: readonly string[],
): readonly Piece[] | null {
  if (!("parts" in act) || act.parts === 1) return piecesOf(statements);
  const found = subcommandsOf(sql);
  const own = found?.all[act.part];
  if (found === null || own === undefined || found.all.length !== acts.length) return null;
  const isBefore = (at: number): boolean => {
    const [other, rank] = [rankOf(acts[at]), rankOf(act)];
    return other < rank || (other === rank && at < act.part);
  };
  const rest = found.all.map((_, at) => at).filter((at) => at !== act.part);
  const before = inOne(found, rest.filter(isBefore));
  const after = inOne(
    found,
    rest.filter((at) => !isBefore(at)),
  );
  const last = statements.length - 1;
  const pieces = piecesOf(statements).map((piece, at) => ({
    ...piece,
    lead: at === 0 ? own.lead : "",
    trail: at === 0 ? own.trail : "",
  }));
  return [
    ...(before === null ? [] : [{ ...before, commitBefore: false, joins: true }]),
    ...pieces,
    ...(after === null ? [] : [{ ...after, commitBefore: last > 0, joins: true }]),
  ];
}

function rankOf(act: Act | undefined): number {
  switch (act?.kind) {
    case "drop-column":
    case "drop-constraint":
    case "drop-not-null":
    case "drop-identity":
    case "drop-expression":
      return 0;
    case "alter-type":
      return 1;
    case "add-column":
      return 2;
    default:
      return 3;
  }
}

function inOne(
  { head, all }: Subcommands,
  which: readonly number[],
): Pick<Piece, "sql" | "lead" | "trail"> | null {
  const parts = which.flatMap((at) => all[at] ?? []);
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return { lead: first.lead, trail: first.trail, sql: `${head} ${first.text}` };
  const body = parts.map((part, at) => {
    const isLast = at === parts.length - 1;
    const lead = at === 0 ? "" : part.lead.replaceAll("\n", "\n  ");
    return `${lead}${part.text}${isLast ? "" : `,${part.trail}`}`;
  });
  return { lead: first.lead, sql: `${head}\n  ${body.join("\n  ")}`, trail: parts.at(-1)?.trail ?? "" };
}
