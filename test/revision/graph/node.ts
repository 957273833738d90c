import type { RevisionNode } from "../../../src/revision/revision.js";

/** A revision of a test's graph. */
export function node(
  id: string,
  revises: string | readonly string[] = [],
  rest: Partial<Pick<RevisionNode, "dependsOn" | "labels">> = {},
): RevisionNode {
  return {
    id,
    revises: typeof revises === "string" ? [revises] : revises,
    dependsOn: [],
    labels: [],
    ...rest,
  };
}
