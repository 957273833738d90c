import type { Constraint } from "./schema.js";

/** The comment on the index under a constraint, which is not that on the constraint. */
export function indexComment(constraint: Constraint): string | null {
  return "index" in constraint ? (constraint.index?.comment ?? null) : null;
}

/** The constraint with another comment on its index, or with none. Those without an index have no place for one. */
export function withIndexComment<C extends Constraint>(constraint: C, comment: string | null): C {
  if (constraint.kind === "check" || constraint.kind === "foreign-key") return constraint;
  const { index, ...bare } = constraint;
  const { comment: _, ...rest } = index ?? {};
  const left = comment === null ? rest : { ...rest, comment };
  return (Object.keys(left).length === 0 ? bare : { ...bare, index: left }) as C;
}
