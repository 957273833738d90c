import type { BoundValue, Condition, PartitionBound } from "../../../../effect/syntax.js";
import type { Relation } from "../../../../effect/world.js";

/** True when a row for which the condition is not false has something in the column. */
export function provesNotNull(condition: Condition, column: string): boolean {
  switch (condition.kind) {
    case "not-null":
      return condition.column === column;
    case "not":
      return condition.of.kind === "null" && condition.of.column === column;
    case "and":
      return condition.of.some((one) => provesNotNull(one, column));
    case "or":
      return condition.of.length > 0 && condition.of.every((one) => provesNotNull(one, column));
    default:
      return false;
  }
}

function validChecks({ constraints }: Relation): readonly Condition[] {
  return [...constraints.values()].flatMap((one) =>
    one.kind === "check" && one.validated && one.enforced ? [one.expression.condition] : [],
  );
}

/** A valid CHECK says that the column is not null (from PostgreSQL 12 on the server looks, `NotNullImpliedByRelConstraints`). */
export function isProvedNotNull(table: Relation, column: string, version: number): boolean {
  return version >= 12 && validChecks(table).some((check) => provesNotNull(check, column));
}

/** Conditions that all hold, taken apart. */
function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === "and" ? condition.of.flatMap(conjuncts) : [condition];
}

/** Numbers by their value, dates and times as they are written in ISO 8601; `null` when it cannot be told. */
function order(a: string, b: string): number | null {
  if (a === b) return 0;
  const isNumber = /^[+-]?[\d.]+$/;
  if (isNumber.test(a) && isNumber.test(b)) return Number(a) - Number(b);
  const isDate = /^\d{4}-\d\d-\d\d/;
  if (isDate.test(a) && isDate.test(b) && a.length === b.length) return a < b ? -1 : 1;
  return null;
}

function boundText(bound: BoundValue | undefined): string | null {
  return typeof bound === "object" ? bound.value : null;
}

/**
 * True when valid checks of a table say that all its rows are within the bound of a partition by one column, so that
 * ATTACH PARTITION need not look (`PartConstraintImpliedByRelConstraint`).
 */
export function isProvedWithin(table: Relation, column: string | null, bound: PartitionBound): boolean {
  if (column === null || table.columns.get(column) === undefined) return false;
  const known = validChecks(table).flatMap(conjuncts);
  const isNotNull =
    table.columns.get(column)?.notNull === true || known.some((one) => provesNotNull(one, column));
  if (bound.kind === "range") {
    if (bound.from.length !== 1 || !isNotNull) return false;
    return isBelow(known, column, bound.to[0]) && isAbove(known, column, bound.from[0]);
  }
  if (bound.kind !== "list") return false;
  const allowed = new Set(bound.values.map(boundText));
  if (!allowed.has(null) && !isNotNull) return false;
  return known.some((one) => {
    if (one.kind === "among") return one.column === column && one.values.every((value) => allowed.has(value));
    return one.kind === "compare" && one.operator === "=" && one.column === column && allowed.has(one.value);
  });
}

function isBelow(known: readonly Condition[], column: string, to: BoundValue | undefined): boolean {
  if (to === "maximum") return true;
  const limit = boundText(to);
  if (limit === null) return false;
  return known.some((one) => {
    if (one.kind !== "compare" || one.column !== column) return false;
    const distance = order(one.value, limit);
    if (distance === null) return false;
    return one.operator === "<" ? distance <= 0 : ["<=", "="].includes(one.operator) && distance < 0;
  });
}

function isAbove(known: readonly Condition[], column: string, from: BoundValue | undefined): boolean {
  if (from === "minimum") return true;
  const limit = boundText(from);
  if (limit === null) return false;
  return known.some((one) => {
    if (one.kind !== "compare" || one.column !== column) return false;
    const distance = order(one.value, limit);
    return distance !== null && [">", ">=", "="].includes(one.operator) && distance >= 0;
  });
}
