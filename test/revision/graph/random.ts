import fc from "fast-check";
import type { RevisionNode } from "../../../src/revision/revision.js";
import { node } from "./node.js";

/** Any graph of up to `size` revisions, given in any order: chains, branches, merges, several bases, redundant edges. */
export function anyRevisions(size: number): fc.Arbitrary<readonly RevisionNode[]> {
  const draft = fc.record({
    revises: fc.oneof(
      { weight: 6, arbitrary: fc.constant([1]) },
      { weight: 4, arbitrary: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: size }), { maxLength: 2 }) },
    ),
    dependsOn: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: size }), { maxLength: 2 }) },
    ),
    labelled: fc.integer({ min: 0, max: 5 }),
    place: fc.nat(),
  });
  return fc.array(draft, { maxLength: size }).map((drafts) => {
    const id = (index: number) => `r${String(index).padStart(3, "0")}`;
    const below = (index: number, distances: readonly number[]) =>
      distances.filter((distance) => distance <= index).map((distance) => id(index - distance));
    return drafts
      .map((each, index) => ({
        place: each.place,
        revision: node(id(index), below(index, each.revises), {
          dependsOn: below(index, each.dependsOn),
          labels: each.labelled === 0 ? [`label${index}`] : [],
        }),
      }))
      .sort((a, b) => a.place - b.place)
      .map((each) => each.revision);
  });
}
