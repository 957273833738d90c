import type { Expression } from "../../../schema/schema.js";
import { literal, quote } from "../quote.js";
import { foldName, isMark, isWord, tokenize } from "./tokenize.js";

/**
 * The expression with `"text"` written as `'text'` where no column has that name, and names in brackets and
 * backticks in double quotes.
 *
 * SQLite reads such a name as a string ("Double-quoted String Literals Are Accepted"), in an old schema always, in
 * a new statement only where it was built so. Written as what it means, it can be used again everywhere.
 */
export function standardQuotes(expression: Expression, columns: readonly string[]): Expression {
  if (!/["`[]/.test(expression)) return expression;
  const names = new Set([...columns, "rowid", "oid", "_rowid_"].map(foldName));
  const tokens = tokenize(expression);
  let text = "";
  let at = 0;
  for (const [place, token] of tokens.entries()) {
    if (token.kind !== "quoted") continue;
    const before = tokens[place - 1];
    const after = tokens[place + 1];
    const isText =
      token.text.startsWith('"') &&
      !names.has(foldName(token.value)) &&
      !isMark(after, "(") &&
      !isMark(after, ".") &&
      !isMark(before, ".") &&
      !isWord(before, "COLLATE", "AS");
    text += expression.slice(at, token.start) + (isText ? literal(token.value) : quote(token.value));
    at = token.end;
  }
  return text + expression.slice(at);
}
