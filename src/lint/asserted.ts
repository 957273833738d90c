import type { AnalysedStatement } from "../effect/statement.js";
import { findRelation, type Relation } from "../effect/world.js";
import { actsOfKind } from "./ahead.js";
import type { StatementContext } from "./context.js";
import type { FileText, Place } from "./place.js";

const above = /(?:^|\n)[ \t]*--[ \t]*aludel:assert\b[^\n]*\n(?:[ \t]*(?:--[^\n]*)?\n)*[ \t]*$/;

/** Positions of the statements that are assertions. */
export function assertionsOf(
  { text }: FileText,
  statements: readonly AnalysedStatement[],
  places: readonly Place[],
): ReadonlySet<number> {
  const marked = text.includes("aludel:assert");
  const found = statements.filter(({ op }, at) => {
    if (op?.kind === "assert") return true;
    const start = marked ? (places[at]?.start ?? 0) : 0;
    return marked && above.test(text.slice(Math.max(0, start - farthest), start));
  });
  return new Set(found.map(({ position }) => position));
}

/** Characters of comments between the line and its query. */
const farthest = 2_000;

/**
 * An assertion further up asks the table about these columns: the run ends there if the rows are not right. Without columns it asks
 * for any row at all.
 */
export function isAsserted(
  table: Relation,
  columns: readonly string[],
  context: Pick<StatementContext, "unit" | "statement">,
): boolean {
  const { unit, statement } = context;
  if (unit.assertions.size === 0) return false;
  const questions = unit.statements.filter(
    ({ position }) => position < statement.position && unit.assertions.has(position),
  );
  return actsOfKind(questions, "select").some(({ act, statement: { before, sql } }) => {
    const { reads, columns: named, all } = act.query;
    const isAsked = reads.some((name) => findRelation(before, name)?.id === table.id);
    if (columns.length === 0) return isAsked && !/\b(?:WHERE|HAVING)\b/i.test(sql);
    return isAsked && (all || columns.every((column) => named.includes(column)));
  });
}
