import type { Condition, Expression, Query } from "../../../../effect/syntax.js";
import { splitAtCommas } from "../../parse/cursor.js";
import { isMark, isWord, type Token, tokenize } from "../../parse/tokenize.js";
import { collect } from "./collect.js";
import { isPlainName } from "./keyword.js";
import type { Names } from "./names.js";

export function textOf(sql: string, tokens: readonly Token[]): string {
  return sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

function constantOf(tokens: readonly Token[]): { readonly constant?: string | null } {
  const [first, second] = tokens;
  if (tokens.length === 1 && first !== undefined) {
    if (isWord(first, "NULL")) return { constant: null };
    if (isWord(first, "TRUE", "FALSE")) return { constant: first.text.toLowerCase() };
    return first.kind === "string" || first.kind === "number" || first.kind === "blob"
      ? { constant: first.value }
      : {};
  }
  const isSigned = tokens.length === 2 && (isMark(first, "-") || isMark(first, "+"));
  return isSigned && second?.kind === "number" ? { constant: `${first?.text}${second.text}` } : {};
}

/** The column that the tokens are, qualified or not. */
function columnOf(tokens: readonly Token[]): string | null {
  const last = tokens.at(-1);
  const isOne = tokens.length === 1 || (tokens.length === 3 && isMark(tokens[1], "."));
  return isOne && isPlainName(last) ? last.value : null;
}

function conditionOf(tokens: readonly Token[]): Condition {
  const { constant } = constantOf(tokens);
  if (constant === "true" || constant === "1") return { kind: "always", value: true };
  if (constant === "false" || constant === "0") return { kind: "always", value: false };
  const isNot = isWord(tokens.at(-3), "IS") && isWord(tokens.at(-2), "NOT") && isWord(tokens.at(-1), "NULL");
  const isNull = isWord(tokens.at(-2), "IS") && isWord(tokens.at(-1), "NULL");
  const column = isNot || isNull ? columnOf(tokens.slice(0, isNot ? -3 : -2)) : null;
  if (column !== null) return { kind: isNot ? "not-null" : "null", column };
  if (isWord(tokens.at(-1), "NOTNULL", "ISNULL")) {
    const name = columnOf(tokens.slice(0, -1));
    if (name !== null) return { kind: isWord(tokens.at(-1), "NOTNULL") ? "not-null" : "null", column: name };
  }
  return { kind: "other" };
}

export function readTokens(sql: string, tokens: readonly Token[], names: Names): Expression {
  const found = collect(tokens);
  const column = columnOf(tokens);
  return {
    sql: textOf(sql, tokens),
    calls: found.calls,
    columns: found.columns.map(names.column),
    condition: conditionOf(tokens),
    reads: found.reads.map((name) => names.relation(name)),
    ...constantOf(tokens),
    ...(column === null ? {} : { column: names.column(column) }),
  };
}

export function readExpression(text: string, names: Names): Expression {
  return readTokens(text, tokenize(text), names);
}

/** The tokens up to one of these words that stands in no parentheses. */
export function upTo(tokens: readonly Token[], ...words: readonly string[]): readonly Token[] {
  let depth = 0;
  const end = tokens.findIndex((token) => {
    if (isMark(token, "(")) depth += 1;
    if (isMark(token, ")")) depth -= 1;
    return depth === 0 && isWord(token, ...words);
  });
  return end < 0 ? tokens : tokens.slice(0, end);
}

function outputOf(tokens: readonly Token[], names: Names): Query["output"] {
  const start = tokens.findIndex((token) => isWord(token, "SELECT"));
  if (start < 0 || isWord(tokens[0], "WITH")) return [];
  const list = upTo(
    tokens.slice(start + 1),
    "FROM",
    "WHERE",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "ORDER",
    "LIMIT",
  );
  return splitAtCommas(list.filter((token, at) => at > 0 || !isWord(token, "DISTINCT", "ALL"))).map(
    (item) => {
      const alias = item.findLastIndex((token) => isWord(token, "AS"));
      // Within a CAST it is no alias.
      const isAlias = alias > 0 && alias === item.length - 2;
      const source = columnOf(isAlias ? item.slice(0, alias) : item);
      const name = isAlias ? (item.at(-1)?.value ?? null) : source;
      return { name, source: source === null ? null : names.column(source), type: null };
    },
  );
}

/** A SELECT, or what of a statement is one. */
export function readQuery(tokens: readonly Token[], names: Names): Query {
  const found = collect(tokens);
  const rest = tokens.slice(upTo(tokens, "WHERE").length + 1);
  const condition = upTo(rest, "GROUP", "ORDER", "LIMIT", "RETURNING");
  const isFiltered = condition.length > 0 && conditionOf(condition).kind !== "always";
  return {
    reads: found.reads.map((name) => names.relation(name)),
    rowLocks: [],
    writes: [],
    columns: found.columns.map(names.column),
    all: found.all,
    calls: found.calls,
    types: [],
    filtered: isFiltered || upTo(tokens, "LIMIT").length < tokens.length,
    output: outputOf(tokens, names),
  };
}
