import { indexKey, index as newIndex } from "../../../schema/build.js";
import type { Index, IndexKey } from "../../../schema/schema.js";
import { stripParentheses } from "../expression.js";
import { Cursor, splitAtCommas } from "./cursor.js";
import { standardQuotes } from "./quotes.js";
import { foldName, isMark, isName, isWord, type Token } from "./tokenize.js";

/**
 * Reads a CREATE INDEX statement ("CREATE INDEX", syntax diagram). `columns` are those of its table: a name among
 * them is a column, anything else an expression.
 * @throws AludelError `schema-unreadable`.
 */
export function parseCreateIndex(sql: string, columns: readonly string[]): Index {
  const cursor = new Cursor(sql);
  cursor.expectWords("CREATE");
  const unique = cursor.takeWords("UNIQUE");
  cursor.expectWords("INDEX");
  cursor.takeWords("IF", "NOT", "EXISTS");
  const name = cursor.qualifiedName();
  cursor.expectWords("ON");
  cursor.name();
  const keys = splitAtCommas(cursor.parenthesized()).map((part) => readKey(cursor, part, columns));
  let where: string | null = null;
  if (cursor.takeWords("WHERE")) {
    const rest = cursor.rest().filter((token) => !isMark(token, ";"));
    where = standardQuotes(stripParentheses(cursor.textOf(rest)), columns);
  }
  return newIndex(name, keys, { unique, where });
}

function readKey(cursor: Cursor, tokens: readonly Token[], columns: readonly string[]): IndexKey {
  let rest = [...tokens];
  // NULLS FIRST is accepted after ASC, NULLS LAST after DESC: both say what holds anyway.
  if (isWord(rest.at(-2), "NULLS")) rest = rest.slice(0, -2);
  const order = isWord(rest.at(-1), "DESC") ? "desc" : "asc";
  if (isWord(rest.at(-1), "DESC", "ASC")) rest = rest.slice(0, -1);
  const [first, second, third] = rest;
  const isColumn = (token: Token | undefined) =>
    token !== undefined && isName(token) && columns.some((one) => foldName(one) === foldName(token.value));
  const isCollated = isWord(rest.at(-2), "COLLATE");
  const subject = isCollated ? rest.slice(0, -2) : rest;
  const isWhole = subject.length === 1 || isOneGroup(subject);
  const collation = isCollated && isWhole ? { namespace: null, name: rest.at(-1)?.value ?? "" } : null;
  if (
    first !== undefined &&
    isColumn(first) &&
    (second === undefined || (isCollated && third === rest.at(-1)))
  ) {
    const column = columns.find((one) => foldName(one) === foldName(first.value)) ?? first.value;
    return indexKey({ column }, { order, collation });
  }
  const text = stripParentheses(cursor.textOf(collation === null ? rest : subject));
  return indexKey({ expression: standardQuotes(text, columns) }, { order, collation });
}

/** True for `( … )` where the first parenthesis closes with the last token. */
function isOneGroup(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isMark(token, "(")) depth += 1;
    if (isMark(token, ")")) depth -= 1;
    if (depth === 0) return at === tokens.length - 1 && tokens.length > 1;
  }
  return false;
}
