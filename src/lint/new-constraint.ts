import type { ConstraintDefinition } from "../effect/syntax.js";
import type { Constraint, Relation } from "../effect/world.js";

/** What the world has made of a constraint that a statement adds, with the name that the server chose. */
export function madeConstraint(
  before: Relation,
  after: Relation | undefined,
  definition: ConstraintDefinition,
): Constraint | undefined {
  if (after === undefined) return undefined;
  if (definition.name !== null) return after.constraints.get(definition.name);
  const added = [...after.constraints.values()].filter(
    ({ name, kind }) => kind === definition.kind && !before.constraints.has(name),
  );
  return added.length === 1 ? added[0] : undefined;
}

/** The words that let a constraint be checked later, as they end a statement. */
export function deferral({
  deferrable,
  initiallyDeferred,
}: Pick<ConstraintDefinition, "deferrable" | "initiallyDeferred">): string {
  if (initiallyDeferred) return " DEFERRABLE INITIALLY DEFERRED";
  return deferrable ? " DEFERRABLE" : "";
}
