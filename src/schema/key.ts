import type { Constraint } from "./schema.js";

/** A constraint that has an index under it. */
export type Key = Exclude<Constraint, { readonly kind: "check" | "foreign-key" }>;

/** True for primary keys, uniques and exclusions. */
export function isKey(constraint: Constraint): constraint is Key {
  return constraint.kind !== "check" && constraint.kind !== "foreign-key";
}
