import { isSign, isWord, type Token } from "../../token.js";
import type { Edit } from "./edit.js";

/**
 * Names the columns of subqueries that have none: `'a'` and `-1` in a SELECT within another are printed as `'a'::text` and
 * `'-1'::integer`, which would be called after their types when they are fed in again, and printed with these names.
 * Only casts are concerned: whatever else has no name of its own has none the second time either (`FigureColname` of the
 * server's parse_target.c, `get_target_list` of ruleutils.c).
 */
export function nameUnnamed(tokens: readonly Token[]): readonly Edit[] {
  return tokens.flatMap((token, at) => (isWord(token, "select") ? unnamedFrom(tokens, at + 1) : []));
}

const listEnds: ReadonlySet<string> = new Set(
  "from where group having window union intersect except order limit offset fetch for returning".split(" "),
);

/** The items of a list of columns that begins here. */
function unnamedFrom(tokens: readonly Token[], first: number): readonly Edit[] {
  const edits: Edit[] = [];
  let [depth, isCast, isNamed] = [0, false, false];
  const end = (last: Token | undefined) => {
    if (isCast && !isNamed && last !== undefined) {
      const at = last.start + last.text.length;
      edits.push({ start: at, end: at, text: ' AS "?column?"' });
    }
    [isCast, isNamed] = [false, false];
  };
  for (let at = first; ; at++) {
    const token = tokens[at];
    const closes = isSign(token, ")") || isSign(token, "]");
    const isOver = token === undefined || (depth === 0 && (closes || isListEnd(token)));
    if (isOver || (depth === 0 && isSign(token, ","))) end(tokens[at - 1]);
    if (isOver) return edits;
    if (isSign(token, "(") || isSign(token, "[")) depth += 1;
    if (closes) depth -= 1;
    if (depth > 0) continue;
    isCast ||= isSign(token, "::");
    isNamed ||= isWord(token, "as");
  }
}

function isListEnd(token: Token): boolean {
  return isSign(token, ";") || (token.kind === "word" && listEnds.has(token.value));
}
