import { tokenize, trimExpression } from "../../token.js";
import { extractFields, hasCapitalField } from "./extract-field.js";
import { nameUnnamed } from "./unnamed-column.js";
import { castsOfLists } from "./varchar-list.js";

/**
 * An expression or statement as the engine prints it, in a spelling that it prints in the same way again. To print is no fixed
 * point: an object made of what is printed here and there would not be the same in a dump.
 */
export function reprintable(printed: string): string {
  const hasList = printed.includes(")::text[]");
  const hasQuery = printed.includes("::") && printed.includes("SELECT");
  const hasField = hasCapitalField.test(printed);
  if (!hasList && !hasQuery && !hasField) return printed;
  const tokens = tokenize(printed) ?? [];
  const edits = [
    ...(hasList ? castsOfLists(tokens) : []),
    ...(hasQuery ? nameUnnamed(tokens) : []),
    ...(hasField ? extractFields(tokens) : []),
  ];
  let text = printed;
  for (const { start, end, text: other } of edits.sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + other + text.slice(end);
  return text;
}

/** An expression as it is read from the catalogue: reprintable, and without parentheses around the whole. */
export function readExpression(printed: string): string {
  return reprintable(trimExpression(printed));
}
