import type { Call } from "../../../../effect/syntax.js";
import { isMark, isWord, type Token } from "../../parse/tokenize.js";
import { isPlainName } from "./keyword.js";

/** What stands in a text, wherever in it. */
export interface Collected {
  readonly columns: readonly string[];
  readonly calls: readonly Call[];
  /** Names of tables and views behind FROM and JOIN, without those of its own WITH. */
  readonly reads: readonly string[];
  readonly all: boolean;
}

/** `name AS (` and `name (…) AS (` in a WITH. */
function commonTables(tokens: readonly Token[]): ReadonlySet<string> {
  const found = new Set<string>();
  if (!tokens.some((token) => isWord(token, "WITH"))) return found;
  for (const [at, token] of tokens.entries()) {
    if (!isPlainName(token)) continue;
    let next = at + 1;
    if (isMark(tokens[next], "(")) while (next < tokens.length && !isMark(tokens[next++], ")"));
    if (!isWord(tokens[next], "AS")) continue;
    while (isWord(tokens[++next], "NOT", "MATERIALIZED"));
    if (isMark(tokens[next], "(")) found.add(token.value);
  }
  return found;
}

/** Words behind which the tables of FROM are over. */
const endOfFrom = [
  "WHERE",
  "GROUP",
  "ORDER",
  "LIMIT",
  "HAVING",
  "UNION",
  "EXCEPT",
  "INTERSECT",
  "SET",
] as const;

/** Places of the tables that a text reads. */
function tablePlaces(tokens: readonly Token[]): ReadonlySet<number> {
  const places = new Set<number>();
  const inFrom: boolean[] = [false];
  let expected = false;
  for (const [at, token] of tokens.entries()) {
    const depth = inFrom.length - 1;
    if (isMark(token, "(")) inFrom.push(expected);
    else if (isMark(token, ")")) inFrom.pop();
    else if (isWord(token, "SELECT", "VALUES", "WITH")) {
      expected = false;
      inFrom[depth] = false;
    } else if (isWord(token, "FROM", "JOIN") && !isWord(tokens[at - 1], "DISTINCT")) {
      expected = true;
      inFrom[depth] = true;
    } else if (isWord(token, ...endOfFrom)) inFrom[depth] = false;
    else if (isMark(token, ",") && inFrom[depth] === true) expected = true;
    else if (expected && isPlainName(token)) {
      // `schema.table`: the table is the one behind the dot.
      if (isMark(tokens[at + 1], ".")) continue;
      expected = false;
      if (!isMark(tokens[at + 1], "(")) places.add(at);
    }
  }
  return places;
}

function callOf(tokens: readonly Token[], at: number): Call {
  const name = { namespace: null, name: tokens[at]?.value.toLowerCase() ?? "" };
  const first = tokens[at + 2];
  const isEmpty = isMark(first, ")");
  return { name, arguments: isEmpty ? 0 : 1, texts: [first?.kind === "string" ? first.value : null] };
}

export function collect(tokens: readonly Token[]): Collected {
  const own = commonTables(tokens);
  const tables = tablePlaces(tokens);
  const columns = new Set<string>();
  const calls: Call[] = [];
  let all = false;
  for (const [at, token] of tokens.entries()) {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (isMark(token, "*"))
      all ||= isMark(before, ".") || isMark(before, ",") || isWord(before, "SELECT", "ALL");
    const isCall = isMark(after, "(") && (isPlainName(token) || isWord(token, "REPLACE", "GLOB", "LIKE"));
    if (isCall) calls.push(callOf(tokens, at));
    const isName = isPlainName(token) && !isCall && !isMark(after, ".") && !tables.has(at);
    if (isName && !isWord(before, "AS")) columns.add(token.value);
  }
  const reads = [...tables].map((at) => tokens[at]?.value ?? "").filter((name) => !own.has(name));
  return { columns: [...columns], calls, reads: [...new Set(reads)], all };
}
