import type { Token } from "../../token.js";
import type { Edit } from "./edit.js";

/** What `extractFields` looks for, asked of the whole text first. */
export const hasCapitalField = /\bEXTRACT\([^ )]*\p{Lu}/u;

/**
 * Quotes a field that has capitals: `extract('YEAR' FROM …)` is printed as `EXTRACT(YEAR FROM …)`, and that fed in again
 * as `EXTRACT(year FROM …)`, because a word is folded (`get_func_sql_syntax` of the server's ruleutils.c).
 */
export function extractFields(tokens: readonly Token[]): readonly Edit[] {
  return tokens.flatMap((token, at) => {
    const [open, field, from] = tokens.slice(at + 1, at + 4);
    if (token.text !== "EXTRACT" || open?.text !== "(" || from?.text !== "FROM") return [];
    if (field?.kind !== "word" || field.text === field.value) return [];
    return [{ start: field.start, end: field.start + field.text.length, text: `'${field.text}'` }];
  });
}
