import type { Token } from "../../token.js";
import type { Edit } from "./edit.js";

/**
 * Takes the casts off lists of varchars. `kind IN ('a', 'b')` over a `varchar` is printed as
 * `(kind)::text = ANY ((ARRAY['a'::character varying, …])::text[])`. Fed in again the cast of the whole array would become
 * one of each element (`transformTypeCast` of the server's parse_expr.c). Without it, which the operator asks for by
 * itself, what is printed is the same.
 */
export function castsOfLists(tokens: readonly Token[]): readonly Edit[] {
  return tokens.flatMap((_, at) => castAt(tokens, at) ?? []);
}

/** What to leave out where `= ANY ((ARRAY[…])::text[])` or `<> ALL (…)` begins: the inner `(`, and `)::text[]`. */
function castAt(tokens: readonly Token[], at: number): readonly Edit[] | null {
  const begins = isThere(tokens, at, ["=", "any"]) || isThere(tokens, at, ["<>", "all"]);
  if (!begins || !isThere(tokens, at + 2, ["(", "(", "array", "["])) return null;
  const close = afterElements(tokens, at + 6);
  if (close === null || !isThere(tokens, close, ["]", ")", "::", "text", "[", "]", ")"])) return null;
  const [open, from, to] = [tokens[at + 3], tokens[close + 1], tokens[close + 6]];
  if (open === undefined || from === undefined || to === undefined) return null;
  return [
    { start: open.start, end: open.start + 1, text: "" },
    { start: from.start, end: to.start, text: "" },
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
