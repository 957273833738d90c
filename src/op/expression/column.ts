import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";
import { isBare, Text, unquote } from "../tokens.js";
import { mayContain, namesObject, respell, rewrite, words } from "./name.js";

/** Of these words those that are a column's name without quotes, too, where an operand stands: `at > now()`, `x at time zone y`. */
const unreserved = new Set(
  `at by delete escape exists extract filter glob insert match over position row set substring trim update values
  within`.split(/\s+/),
);

/** Words after which no operand can follow: they are one, or end one. */
const closing = new Set(
  `current_date current_time current_timestamp current_user default end false group isnull localtime localtimestamp
  notnull null order session_user true user`.split(/\s+/),
);

/** True when an operand stands at the position: at the start, and behind an operator, a comma, `(` or a word like `and`. */
function isOperand(text: Text, position: number): boolean {
  const before = text.at(position - 1);
  if (before === undefined) return true;
  if (before.kind === "bare") {
    const folded = before.text.toLowerCase();
    if (unreserved.has(folded) && isOperand(text, position - 1)) return false;
    return words.has(folded) && !closing.has(folded);
  }
  return before.kind === "other" && before.text !== ")" && before.text !== "]";
}

/** The table that an expression belongs to: what its bare names are resolved against. */
export interface ExpressionScope {
  readonly table: ObjectName;
  /** Names of the table's columns. */
  readonly columns: readonly string[];
  /** The expression belongs to another table: only names with the table's name before them are this table's. */
  readonly foreign?: true;
}

function resolves(text: Text, position: number, column: string, columns: readonly string[]): boolean {
  const token = text.at(position);
  if (token?.kind === "quoted") return unquote(token.text) === column;
  if (token?.kind !== "bare") return false;
  const folded = token.text.toLowerCase();
  if (words.has(folded) && !(unreserved.has(folded) && isOperand(text, position))) return false;
  if (folded === column) return true;
  // "Name" beside name: the bare word is the second. Without one, engines that ignore case mean the first.
  return folded === column.toLowerCase() && !columns.includes(folded);
}

/** Words that end a type's name: `timestamp with time zone`, `character varying`. */
const typeWords: Readonly<Record<string, readonly string[]>> = {
  zone: ["time"],
  varying: ["character", "char", "bit"],
  precision: ["double"],
};

function isType(text: Text, position: number, word: string): boolean {
  if (text.is(position - 1, "::") || isBare(text.at(position - 1), "as", "collate")) return true;
  if (text.at(position + 1)?.kind === "string") return true;
  const before = typeWords[word.toLowerCase()];
  return before !== undefined && isBare(text.at(position - 1), ...before);
}

function isColumn(text: Text, position: number, scope: ExpressionScope, subquery: boolean): boolean {
  const token = text.at(position);
  if (token === undefined || text.is(position + 1, "(") || text.is(position + 1, ".")) return false;
  if (text.is(position + 1, "=>") || isType(text, position, token.text)) return false;
  if (text.at(position - 1)?.kind === "string" && token.kind === "bare") return false;
  if (isBare(text.at(position - 2), "extract") && isBare(text.at(position + 1), "from")) return false;
  if (text.is(position - 1, ".")) return namesObject(text, position - 2, scope.table);
  return !subquery;
}

function columnPositions(text: Text, scope: ExpressionScope, column: string): readonly number[] {
  const subquery = scope.foreign || text.some((position) => isBare(text.at(position), "select"));
  const found: number[] = [];
  for (let position = 0; position < text.length; position += 1) {
    if (!resolves(text, position, column, scope.columns)) continue;
    if (isColumn(text, position, scope, subquery)) found.push(position);
  }
  return found;
}

/** True when the expression of a table uses one of the table's columns (see `renameColumn` for the limits). */
export function mentionsColumn(expression: Expression, scope: ExpressionScope, column: string): boolean {
  return mayContain(expression, column) && columnPositions(new Text(expression), scope, column).length > 0;
}

/**
 * The expression as the engine has it after a column was renamed.
 *
 * It looks at tokens, not at the grammar: an identifier that is the column is rewritten unless it is a function,
 * a type, a qualifier, an argument's name or a field of `extract`. With a dot before it, it must be the table that
 * stands there. In a text with a subquery only qualified names are rewritten, because a bare one may be another
 * table's. Names in `[brackets]` and `U&"escapes"` are not understood.
 */
export function renameColumn(
  expression: Expression,
  scope: ExpressionScope,
  column: string,
  to: string,
): Expression {
  if (!mayContain(expression, column)) return expression;
  return rewrite(expression, (text) => {
    for (const position of columnPositions(text, scope, column)) respell(text, position, to);
  });
}

/** The expression after its table was renamed: `persons.age` is now `people.age`. */
export function renameTable(expression: Expression, table: ObjectName, to: string): Expression {
  if (!mayContain(expression, table.name)) return expression;
  return rewrite(expression, (text) => {
    for (let position = 0; position < text.length; position += 1) {
      if (text.is(position + 1, ".") && namesObject(text, position, table)) respell(text, position, to);
    }
  });
}
