import { isSign, isWord, type Token, tokenize } from "../token.js";

/**
 * The tokens of a printed expression, where a chain of ANDs (or ORs) is one chain: `(a AND (b AND c))`, which is what
 * `a AND b BETWEEN …` is printed like, as `(a AND b AND c)`. In what order the parts of a chain are asked is left to the
 * engine anyway (manual 4.2.14).
 */
export function flatLogic(printed: string): string {
  const tokens = tokenize(printed);
  if (tokens === null) return printed;
  const pairs = pairsOf(tokens);
  const needless = new Set(
    [...pairs].filter(([open, close]) => isInChain(tokens, pairs, open, close)).flat(),
  );
  return tokens.flatMap(({ text }, at) => (needless.has(at) ? [] : [text])).join(" ");
}

/** Where parentheses open, and where these close. */
function pairsOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, "(")) open.push(at);
    if (isSign(token, ")")) pairs.set(open.pop() ?? at, at);
  }
  return pairs;
}

/** A chain in parentheses, beside a word of its own kind and not behind the name of a function. */
function isInChain(
  tokens: readonly Token[],
  pairs: ReadonlyMap<number, number>,
  open: number,
  close: number,
): boolean {
  const words = wordsBetween(tokens, pairs, open, close);
  const [word] = words;
  if (word === undefined || words.some((other) => other !== word)) return false;
  const [before, after] = [tokens[open - 1], tokens[close + 1]];
  if (isWord(before, word)) return after === undefined || isWord(after, word) || isSign(after, ")");
  return isWord(after, word) && (before === undefined || isSign(before, "("));
}

/** The ANDs and ORs that stand in parentheses, but not in inner ones. */
function wordsBetween(
  tokens: readonly Token[],
  pairs: ReadonlyMap<number, number>,
  open: number,
  close: number,
): readonly string[] {
  const words: string[] = [];
  for (let at = open + 1; at < close; at = (pairs.get(at) ?? at) + 1) {
    const token = tokens[at];
    for (const word of ["and", "or"]) if (isWord(token, word)) words.push(word);
  }
  return words;
}
