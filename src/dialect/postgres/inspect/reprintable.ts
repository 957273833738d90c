import { type Token, tokenize } from "../token.js";

/**
 * An expression or query as the engine prints it, in a spelling that it prints in the same way again.
 *
 * `kind IN ('a', 'b')` over a `varchar` is printed as `(kind)::text = ANY ((ARRAY['a'::character varying, …])::text[])`.
 * Fed in again the cast of the whole array would become one of each element (`transformTypeCast` of the server's
 * parse_expr.c), and what is printed then is another text: an object made of it would not be the same in a dump. Without
 * that cast, which the operator asks for by itself, it is the same.
 */
export function reprintable(printed: string): string {
  if (!printed.includes(")::text[]")) return printed;
  const tokens = tokenize(printed) ?? [];
  const needless = tokens.flatMap((_, at) => castAt(tokens, at) ?? []);
  let text = printed;
  for (const { start, end } of needless.sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + text.slice(end);
  return text;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What to leave out where `= ANY ((ARRAY[…])::text[])` or `<> ALL (…)` begins: the inner `(`, and `)::text[]`. */
function castAt(tokens: readonly Token[], at: number): readonly Range[] | null {
  const begins = isThere(tokens, at, ["=", "any"]) || isThere(tokens, at, ["<>", "all"]);
  if (!begins || !isThere(tokens, at + 2, ["(", "(", "array", "["])) return null;
  const close = afterElements(tokens, at + 6);
  if (close === null || !isThere(tokens, close, ["]", ")", "::", "text", "[", "]", ")"])) return null;
  const [open, from, to] = [tokens[at + 3], tokens[close + 1], tokens[close + 6]];
  if (open === undefined || from === undefined || to === undefined) return null;
  return [
    { start: open.start, end: open.start + 1 },
    { start: from.start, end: to.start },
  ];
}

/** The place behind elements that are all strings of `character varying`; `null` when they are not. */
function afterElements(tokens: readonly Token[], first: number): number | null {
  for (let at = first; ; at += 5) {
    const isElement =
      tokens[at]?.kind === "string" && isThere(tokens, at + 1, ["::", "character", "varying"]);
    if (!isElement) return null;
    if (tokens[at + 4]?.text !== ",") return at + 4;
  }
}

function isThere(tokens: readonly Token[], at: number, words: readonly string[]): boolean {
  return words.every((word, place) => {
    const token = tokens[at + place];
    return token !== undefined && token.kind !== "quoted" && token.kind !== "string" && token.value === word;
  });
}
