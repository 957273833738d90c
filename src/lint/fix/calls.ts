import type { Op } from "../../op/op.js";

/** Calls as a revision's file would have them, with `op` for the object that they are methods of. */
export interface Calls {
  /** Each `op.createIndex(…)`, laid out for the indentation that was asked for. */
  readonly calls: readonly string[];
  /** What they need of "aludel". */
  readonly imports: readonly string[];
}

/** Ops as calls that are indented by so much. */
export type RenderCalls = (ops: readonly Op[], indent: number) => Calls;

/** The gentle form of an op as calls that are indented by so much; `null` where there is no other than it has. */
export type SafeCalls = (op: Op, indent: number) => Calls | null;
