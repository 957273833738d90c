import { isBare, type Token, tokenize } from "./tokens.js";

/** Where the names and types of a routine's arguments and results end, as `pg_get_functiondef` prints it. */
const endOfHeader = /\n LANGUAGE /;

/**
 * Changes the statement of a routine, but for the names of its arguments and of the columns of its result: one may be called as
 * what the change is about.
 */
export function changeBesideNames(statement: string, change: (text: string) => string): string {
  const end = endOfHeader.exec(statement)?.index;
  if (end === undefined) return change(statement);
  const tokens = tokenize(statement.slice(0, end));
  const names: string[] = [];
  let depth = 0;
  const masked = tokens.map((token, at) => {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth === 0 || !isName(tokens, at)) return token.text;
    names.push(token.text);
    return `"argument ${names.length}"`;
  });
  const changed = change(masked.join("") + statement.slice(end));
  return changed.replace(/"argument (\d+)"/g, (text, number: string) => names[Number(number) - 1] ?? text);
}

/** A type follows, and between them nothing but space. */
function isName(tokens: readonly Token[], at: number): boolean {
  const [token, space, next] = tokens.slice(at, at + 3);
  const isWord = (one: Token | undefined) => one?.kind === "bare" || one?.kind === "quoted";
  return isWord(token) && space?.kind === "space" && isWord(next) && !isBare(next, "default");
}
