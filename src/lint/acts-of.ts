import type { Act } from "../effect/act.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { Unit } from "./context.js";

export interface ActOf {
  readonly act: Act;
  readonly statement: AnalysedStatement;
}

/** Every act of some statements, in order. */
export function actsOf(statements: readonly AnalysedStatement[]): readonly ActOf[] {
  return statements.flatMap((statement) => statement.acts.map((act) => ({ act, statement })));
}

/** True when both are committed together. */
export function inOneTransaction(a: AnalysedStatement, b: AnalysedStatement): boolean {
  if (a.position === b.position) return true;
  return (
    a.transaction.by !== "none" && b.transaction.by !== "none" && a.transaction.since === b.transaction.since
  );
}

/** What is found out about a unit once, however many of its statements ask. */
export function perUnit<T>(find: (unit: Unit) => T): (unit: Unit) => T {
  const found = new WeakMap<Unit, { readonly value: T }>();
  return (unit) => {
    const known = found.get(unit);
    if (known !== undefined) return known.value;
    const value = find(unit);
    found.set(unit, { value });
    return value;
  };
}
