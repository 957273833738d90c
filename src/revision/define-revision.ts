import type { RepeatableDefinition, RevisionDefinition } from "./operations.js";

/**
 * A revision: what the file in the revisions folder exports by default. Gives back what it is given; it is there for
 * the types, and so that the header can be found in the file without running it. Write `id`, `revises`, `dependsOn`,
 * `labels`, `phase` and `waitsFor` as literals.
 */
export function defineRevision<D extends RevisionDefinition | RepeatableDefinition>(definition: D): D {
  return definition;
}
