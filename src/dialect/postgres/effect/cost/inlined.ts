import type { FunctionState } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";

/** With these it is more than an expression, or a word that only looks like a call. */
const clauses =
  /\b(?:from|where|group|having|order|limit|offset|fetch|union|intersect|except|distinct|window|over|into|select|with|for|filter|within|returning|values)\b/i;
const aggregates =
  /\b(?:\w*_agg|count|sum|min|max|avg|every|bool_and|bool_or|bit_and|bit_or|stddev\w*|var\w*)\s*\(/i;
const properties = /\bstrict\b|\bnull\s+on\s+null\b|\bsetof\b|\breturns\s+table\b/i;
const name = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const called = new RegExp(String.raw`(?:(${name})\s*\.\s*)?(${name})\s*\(`, "g");
const keywords: ReadonlySet<string> = new Set(
  "and or not in case when then else end cast as is between like ilike any all some".split(" "),
);

/**
 * What a function of SQL calls that the server puts in its place, as an expression (`inline_function` in its planner): then it is
 * not what the function says of itself that counts, but what the expression does. `null` where it stays a call, or where that
 * is not certain. Measured with ADD COLUMN on version 18.
 */
export function inlinedCalls(one: FunctionState): readonly ObjectName[] | null {
  const { language, form, securityDefiner, settings, definition } = one;
  const body = one.body ?? parsedBody(definition);
  if (language.toLowerCase() !== "sql" || form !== "function" || body === null) return null;
  if (securityDefiner || settings.length > 0 || properties.test(definition)) return null;
  const text = body.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").replace(/'[^']*'/g, "''");
  const expression = /^\s*select\s+([^;$]+);?\s*$/i.exec(text)?.[1];
  if (expression === undefined || clauses.test(expression) || aggregates.test(expression)) return null;
  return [...expression.matchAll(called)].flatMap(([, namespace, own = ""]) =>
    namespace === undefined && keywords.has(own.toLowerCase())
      ? []
      : [{ namespace: namespace === undefined ? null : folded(namespace), name: folded(own) }],
  );
}

/** The query of a function whose body is no text: `BEGIN ATOMIC SELECT 1; END`, `RETURN 1`. */
function parsedBody(definition: string): string | null {
  const text = definition.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  const [, block] = /\bbegin\s+atomic\b([\s\S]*)\bend\s*;?\s*$/i.exec(text) ?? [];
  if (block !== undefined) return block;
  const [, value] = /\breturn\b([\s\S]*)$/i.exec(text) ?? [];
  return value === undefined ? null : `SELECT ${value}`;
}

function folded(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase();
}
