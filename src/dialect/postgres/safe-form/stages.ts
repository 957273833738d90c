import type { Op } from "../../../op/op.js";

/**
 * The places of a revision's ops, in the order in which they run. What changes the schema at once comes first and has
 * one transaction. Then comes what takes long while others go on reading and writing, each by itself; then what needs
 * that, which is at once again.
 */
const stageNames = ["now", "build", "discard", "check", "finish", "checkLast"] as const;

export type Stage = (typeof stageNames)[number];
export type Stages = Readonly<Record<Stage, Op[]>>;

export function emptyStages(): Stages {
  return { now: [], build: [], discard: [], check: [], finish: [], checkLast: [] };
}

export function inStages(stages: Stages): readonly Op[] {
  return stageNames.flatMap((name) => stages[name]);
}
