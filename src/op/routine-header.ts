import { isBare, type Token, tokenize } from "./tokens.js";

/** As `pg_get_functiondef` prints it: what it is and its name, arguments and result, properties, and the body. */
const parts = /^([^(]*)(\(.*?)(\n LANGUAGE .*?)(\n(?:AS|BEGIN ATOMIC|RETURN)\s.*)$/s;

/**
 * Changes the types that the statement of a routine names, and its body where the engine has read it. Its name, its words and the
 * names of its arguments and of the columns of its result may be those of what the change is about, and stay.
 */
export function changeTypesAndBody(statement: string, change: (text: string) => string): string {
  const [, own, signature, properties, body] = parts.exec(statement) ?? [];
  if (own === undefined || signature === undefined || properties === undefined || body === undefined)
    return change(statement);
  return own + changeTypes(signature, change) + properties + (body.startsWith("\nAS") ? body : change(body));
}

function changeTypes(signature: string, change: (text: string) => string): string {
  const tokens = tokenize(signature);
  const names: string[] = [];
  const masked = tokens.map((token, at) => {
    if (!isFollowedByWord(tokens, at)) return token.text;
    names.push(token.text);
    return `"name ${names.length}"`;
  });
  const changed = change(masked.join(""));
  return changed.replace(/"name (\d+)"/g, (text, number: string) => names[Number(number) - 1] ?? text);
}

/** As are names, which a type follows, and words like RETURNS. */
function isFollowedByWord(tokens: readonly Token[], at: number): boolean {
  const [token, space, next] = tokens.slice(at, at + 3);
  const isWord = (one: Token | undefined) => one?.kind === "bare" || one?.kind === "quoted";
  return isWord(token) && space?.kind === "space" && isWord(next) && !isBare(next, "default", "returns");
}
