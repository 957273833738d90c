import type { RevisionNode } from "../revision.js";

/** An edge as it is drawn, from the older revision up to the newer. */
export interface Link {
  readonly above: string;
  readonly below: string;
  readonly kind: "revises" | "dependsOn";
}

/** The edges between revisions of a list, each once: an edge that is both kinds is `revises`. */
export function links(revisions: readonly RevisionNode[]): readonly Link[] {
  const shown = new Set(revisions.map((revision) => revision.id));
  const labels = new Map(revisions.flatMap(({ id, labels }) => labels.map((label) => [label, id] as const)));
  return revisions.flatMap((revision): Link[] => {
    const parents = new Set(revision.revises);
    const required = revision.dependsOn.map((name) => (shown.has(name) ? name : (labels.get(name) ?? name)));
    const dependencies = new Set(required.filter((id) => !parents.has(id)));
    return [
      ...[...parents].map((below): Link => ({ above: revision.id, below, kind: "revises" })),
      ...[...dependencies].map((below): Link => ({ above: revision.id, below, kind: "dependsOn" })),
    ].filter((link) => shown.has(link.below));
  });
}
