import type { Revision, RevisionNode } from "../revision.js";

/** What a graph is built of: a node of it, and where known the file, which errors then name. */
export type GraphRevision = RevisionNode & Partial<Pick<Revision, "file">>;

/**
 * One revision and its neighbours. `parents` and `children` follow `revises` alone; `requires` and `requiredBy`
 * follow `revises` and `dependsOn`. No list holds a revision twice.
 */
export interface GraphNode {
  readonly id: string;
  readonly revision: GraphRevision;
  /** Place in the graph's topological order, from 0. */
  readonly position: number;
  readonly parents: readonly GraphNode[];
  readonly children: readonly GraphNode[];
  readonly dependencies: readonly GraphNode[];
  readonly requires: readonly GraphNode[];
  readonly requiredBy: readonly GraphNode[];
}

/** A node while the graph is being linked. */
export interface DraftNode extends GraphNode {
  readonly index: number;
  position: number;
  parents: DraftNode[];
  children: DraftNode[];
  dependencies: readonly DraftNode[];
  requires: readonly DraftNode[];
  requiredBy: DraftNode[];
}
