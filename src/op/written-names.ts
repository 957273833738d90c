import type { ObjectName } from "../schema/name.js";
import type { Expression } from "../schema/schema.js";
import { isBare, Text, type Token, tokenize, unquote } from "./tokens.js";

/**
 * Every identifier in the text, in lower case: for asking whether a view may depend on a table. It says yes too
 * often (an alias, a column of that name), never too seldom, except for names spelled with `U&"escapes"`.
 */
export function identifiersIn(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  for (const token of tokenize(expression)) {
    if (token.kind === "bare") found.add(token.text.toLowerCase());
    else if (token.kind === "quoted") found.add(unquote(token.text).toLowerCase());
  }
  for (const [, name] of expression.matchAll(/\[([^\]]+)\]/g)) if (name) found.add(name.toLowerCase());
  return found;
}

const afterFrom = [
  "where",
  "group",
  "having",
  "window",
  "order",
  "limit",
  "union",
  "intersect",
  "except",
  "select",
];

/**
 * What a query surely reads from: the names after FROM and JOIN and the commas between them, in lower case, with
 * the namespace where it is written.
 */
export function relationsIn(query: Expression): readonly ObjectName[] {
  const text = new Text(query);
  const found: ObjectName[] = [];
  let inFrom = false;
  for (let position = 0; position < text.length; position += 1) {
    const token = text.at(position);
    if (isBare(token, "from", "join")) inFrom = true;
    else if (isBare(token, ...afterFrom)) inFrom = false;
    const name = nameIn(token);
    if (!inFrom || name === null || text.is(position + 1, ".")) continue;
    const qualified = text.is(position - 1, ".");
    const before = qualified ? position - 3 : position - 1;
    if (!qualified && isBare(token, "only", "lateral")) continue;
    const starts =
      isBare(text.at(before), "from", "join", "only", "lateral") ||
      text.is(before, ",") ||
      text.is(before, "(");
    if (starts) found.push({ namespace: qualified ? nameIn(text.at(position - 2)) : null, name });
  }
  return found;
}

/** The tables that the body of a trigger writes to, in lower case: after INTO, UPDATE and DELETE FROM. */
export function writtenIn(trigger: Expression): ReadonlySet<string> {
  const text = new Text(trigger);
  const found = new Set<string>();
  let inBody = false;
  for (let position = 0; position < text.length; position += 1) {
    inBody ||= isBare(text.at(position), "begin");
    if (!inBody) continue;
    const isDelete = isBare(text.at(position), "from") && isBare(text.at(position - 1), "delete");
    let target = position + 1;
    if (isBare(text.at(position), "update") && isBare(text.at(target), "or")) target += 2;
    const name = nameIn(text.at(target));
    if (name !== null && (isDelete || isBare(text.at(position), "into", "update"))) found.add(name);
  }
  return found;
}

/** The identifier that a token is, in lower case. */
function nameIn(token: Token | undefined): string | null {
  if (token?.kind === "bare") return token.text.toLowerCase();
  return token?.kind === "quoted" ? unquote(token.text).toLowerCase() : null;
}
