import { expect } from "vitest";
import type { RevisionStep } from "../../../src/revision/graph/plan-revisions.js";
import type { RevisionNode } from "../../../src/revision/revision.js";

/** Each revision once, upwards after all it requires, downwards before. Reads the edges, not the graph. */
export function expectPartialOrder(revisions: readonly RevisionNode[], steps: readonly RevisionStep[]): void {
  const place = new Map<unknown, number>();
  for (const [index, [, id]] of steps.entries()) {
    expect(place.has(id), `${String(id)} comes twice`).toBe(false);
    place.set(id, index);
  }
  const up = steps[0]?.[0] !== "down";
  for (const revision of revisions) {
    const own = place.get(revision.id);
    if (own === undefined) continue;
    for (const id of [...revision.revises, ...revision.dependsOn]) {
      const below = place.get(id);
      if (below === undefined) continue;
      if (up) expect(below, `${id} before ${revision.id}`).toBeLessThan(own);
      else expect(own, `${revision.id} before ${id}`).toBeLessThan(below);
    }
  }
}
