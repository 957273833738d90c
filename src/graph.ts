/**
 * The revision graph on its own: pure functions, no files and no database.
 * @module
 */
export { closure, frontier } from "./revision/graph/closure.js";
export { dotGraph } from "./revision/graph/dot.js";
export {
  type DrawnRevision,
  type DrawOptions,
  drawGraph,
  type RevisionState,
} from "./revision/graph/draw.js";
export { drawingOrder } from "./revision/graph/drawing-order.js";
export { buildGraph, type Graph, isBranchPoint, isMergePoint } from "./revision/graph/graph.js";
export { labelMembers, labelsByRevision } from "./revision/graph/label.js";
export { mermaidGraph } from "./revision/graph/mermaid.js";
export type { GraphNode, GraphRevision } from "./revision/graph/node.js";
export {
  type GraphCommand,
  planOnGraph,
  planRevisions,
  type RevisionPlan,
  type RevisionRequest,
  type RevisionStep,
} from "./revision/graph/plan-revisions.js";
export { historyRange } from "./revision/graph/range.js";
export { type RowChange, rowChanges } from "./revision/graph/row-changes.js";
export type { RevisionNode } from "./revision/revision.js";
