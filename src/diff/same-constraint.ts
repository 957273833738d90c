import { sameConstraint, splitConstraint, withoutUnsaidKey } from "../schema/equal.js";
import { nameKey } from "../schema/name.js";
import type { Constraint, Table } from "../schema/schema.js";
import { sameSplit, type Work } from "./work.js";

/** An unvalidated constraint that shall be valid needs no new one: the rows are checked, and that is all. */
export function onlyToValidate(from: Constraint, to: Constraint): boolean {
  return "validated" in from && "validated" in to && !from.validated && to.validated;
}

/**
 * A check that a table has from its parent alone cannot be dropped there: one that is valid does as well where it need not
 * be, as in a table that is made when its parent has it.
 */
function isValidAnyway(from: Constraint, to: Constraint): boolean {
  return from.kind === "check" && from.inherited === true && onlyToValidate(to, from);
}

function withValidity(constraint: Constraint): Constraint {
  return "validated" in constraint ? { ...constraint, validated: true } : constraint;
}

/** One that names no columns, for there was nothing to point at, means the primary key of what is made now. */
function withKey(work: Work, constraint: Constraint): Constraint {
  if (constraint.kind !== "foreign-key" || constraint.references.columns.length > 0) return constraint;
  const { references } = constraint;
  const target = work.to.tables.get(nameKey(references.table));
  const key = target?.constraints.find(({ kind }) => kind === "primary-key");
  if (key?.kind !== "primary-key") return constraint;
  return { ...constraint, references: { ...references, columns: key.columns } };
}

/** What a check of a new heir says is its parent's to change. */
function asParentSays(work: Work, heir: Table, old: Constraint, wanted: Constraint): Constraint {
  const isParents = old.inherited === true && wanted.inherited === true && old.name === wanted.name;
  if (!isParents || work.from.tables.has(nameKey(heir))) return old;
  if (old.kind !== "check" || wanted.kind !== "check") return old;
  return { ...old, expression: wanted.expression };
}

/**
 * True when the table's constraint `old` is the `wanted` one, or becomes it by being validated alone. `named` means that the
 * two have one name, under which the engine may have been asked how it reads their expressions.
 */
export function isSameConstraint(
  work: Work,
  table: Table,
  old: Constraint,
  wanted: Constraint,
  named: boolean,
): boolean {
  if (old === wanted) return true;
  if (old.kind !== wanted.kind) return false;
  const from = asParentSays(work, table, withKey(work, old), wanted);
  const to = isValidAnyway(from, wanted) ? withValidity(wanted) : wanted;
  const valid = onlyToValidate(from, to) ? withValidity(from) : from;
  if (!named || to.name === null || (to.kind !== "check" && to.kind !== "exclude")) {
    // What points at nothing on both sides may or may not say which columns of it.
    return sameConstraint(withoutUnsaidKey(valid, to), to, work.options.sameExpression);
  }
  const place = { object: table, part: to.kind, name: to.name } as const;
  return sameSplit(work, place, splitConstraint(valid), splitConstraint(to));
}
