import type { Op } from "../../op/op.js";

/**
 * The ops with event triggers aside: those that go do so before everything else, and those that are made come after
 * everything else. An event trigger acts on every statement that follows it, also on those of the revision that makes
 * it, when not everything that its function needs is there yet (manual 40.1: it fires for the whole database).
 */
export function eventTriggersAside(ops: readonly Op[]): {
  readonly gone: readonly Op[];
  readonly rest: readonly Op[];
  readonly made: readonly Op[];
} {
  const gone: Op[] = [];
  const rest: Op[] = [];
  const made: Op[] = [];
  for (const op of ops) {
    if (op.kind === "drop-defined" && op.object.kind === "event-trigger") gone.push(op);
    else if (op.kind === "create-defined" && op.object.kind === "event-trigger") made.push(op);
    else rest.push(op);
  }
  return { gone, rest, made };
}
