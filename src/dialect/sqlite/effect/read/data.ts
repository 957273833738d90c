import type { Act } from "../../../../effect/act.js";
import { type Cursor, splitAtCommas } from "../../parse/cursor.js";
import { isMark, isWord, type Token } from "../../parse/tokenize.js";
import { readQuery, readTokens, upTo } from "./expression.js";
import { isPlainName } from "./keyword.js";
import type { Names } from "./names.js";

/** INSERT, REPLACE, UPDATE, DELETE and SELECT, each with a WITH before it or without. */
export function readData(cursor: Cursor, names: Names): readonly Act[] {
  const all = cursor.tokens.filter((token) => !isMark(token, ";"));
  const verb = upTo(all, "INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT", "VALUES").length;
  const tokens = all.slice(verb);
  const [first] = tokens;
  if (isWord(first, "INSERT", "REPLACE")) return [readInsert(cursor, all, tokens, names)];
  if (isWord(first, "UPDATE")) return [readUpdate(cursor, tokens, names)];
  if (isWord(first, "DELETE")) return [readDelete(cursor, all, tokens, names)];
  return [{ kind: "select", query: readQuery(all, names) }];
}

/** The table named at a place, and the place behind it with its alias. */
function tableAt(cursor: Cursor, tokens: readonly Token[], at: number, names: Names) {
  const first = tokens[at];
  if (first === undefined) throw cursor.unexpected("a table");
  const isQualified = isMark(tokens[at + 1], ".");
  const last = isQualified ? tokens[at + 2] : first;
  const table = names.relation(last?.value ?? "", isQualified ? first.value : null);
  const next = isQualified ? at + 3 : at + 1;
  return { table, next: isWord(tokens[next], "AS") ? next + 2 : next };
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isMark(tokens[at], "(")) depth += 1;
    if (isMark(tokens[at], ")")) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function conflictOf(tokens: readonly Token[]): Act<"insert">["onConflict"] {
  if (isWord(tokens[0], "REPLACE") || (isWord(tokens[1], "OR") && isWord(tokens[2], "REPLACE")))
    return "update";
  if (isWord(tokens[1], "OR") && isWord(tokens[2], "IGNORE")) return "nothing";
  const at = tokens.findIndex((token, place) => isWord(token, "ON") && isWord(tokens[place + 1], "CONFLICT"));
  if (at < 0) return null;
  return tokens
    .slice(at)
    .some((token, place, rest) => isWord(token, "DO") && isWord(rest[place + 1], "NOTHING"))
    ? "nothing"
    : "update";
}

function readInsert(cursor: Cursor, all: readonly Token[], tokens: readonly Token[], names: Names): Act {
  const into = tokens.findIndex((token) => isWord(token, "INTO"));
  const { table, next } = tableAt(cursor, tokens, into + 1, names);
  const own = names.of(table);
  const hasList = isMark(tokens[next], "(");
  const end = hasList ? closing(tokens, next) : next - 1;
  const list = hasList ? splitAtCommas(tokens.slice(next + 1, end)) : [];
  const source = tokens.slice(end + 1);
  const isValues = isWord(source[0], "VALUES");
  const conflict = upTo(source, "ON");
  const values = isValues ? splitAtCommas(conflict.slice(1)).length : null;
  const query = readQuery(isWord(all[0], "WITH") ? all : source, names);
  return {
    kind: "insert",
    table,
    columns: list.map((part) => own.column(part[0]?.value ?? "")),
    rows: isWord(source[0], "DEFAULT") ? 0 : values,
    onConflict: conflictOf(tokens),
    query: { ...query, reads: query.reads.filter((name) => name.name !== table.name || !isValues) },
  };
}

function readUpdate(cursor: Cursor, tokens: readonly Token[], names: Names): Act {
  const at = isWord(tokens[1], "OR") ? 3 : 1;
  const { table } = tableAt(cursor, tokens, at, names);
  const own = names.of(table);
  const set = tokens.slice(upTo(tokens, "SET").length + 1);
  const assignments = splitAtCommas(upTo(set, "FROM", "WHERE", "ORDER", "LIMIT", "RETURNING"));
  const rest = tokens.slice(upTo(tokens, "WHERE").length + 1);
  const where = upTo(rest, "ORDER", "LIMIT", "RETURNING");
  return {
    kind: "update",
    table,
    columns: assignments.map((part) => own.column(part.find(isPlainName)?.value ?? "")),
    values: assignments.map((part) =>
      readTokens(cursor.sql, part.slice(part.findIndex((token) => isMark(token, "=")) + 1), own),
    ),
    where: where.length === 0 ? null : readTokens(cursor.sql, where, own),
    query: readQuery(set, own),
  };
}

function readDelete(cursor: Cursor, all: readonly Token[], tokens: readonly Token[], names: Names): Act {
  const { table } = tableAt(cursor, tokens, 2, names);
  const own = names.of(table);
  const rest = tokens.slice(upTo(tokens, "WHERE").length + 1);
  const where = upTo(rest, "ORDER", "LIMIT", "RETURNING");
  const query = readQuery(isWord(all[0], "WITH") ? all : rest, own);
  return {
    kind: "delete",
    table,
    where: where.length === 0 ? null : readTokens(cursor.sql, where, own),
    query,
  };
}
