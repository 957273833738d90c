import type { Expression } from "../../../schema/schema.js";
import { foldName, isMark, isName, tokenize } from "../parse/tokenize.js";

/** The expression with `table.column` written as `column`: in a constraint no other table can be meant. */
export function withoutQualifier(expression: Expression, table: string): Expression {
  const tokens = tokenize(expression);
  let text = "";
  let at = 0;
  for (const [place, token] of tokens.entries()) {
    const dot = tokens[place + 1];
    const column = tokens[place + 2];
    if (!isName(token) || foldName(token.value) !== foldName(table)) continue;
    if (!isMark(dot, ".") || column === undefined || isMark(tokens[place - 1], ".")) continue;
    text += expression.slice(at, token.start);
    at = column.start;
  }
  return text + expression.slice(at);
}
