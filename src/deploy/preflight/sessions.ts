import type { Answer, Preflight } from "./check.js";

/** A session stays one: locks, settings and who is told of them belong to a process of the server. */
export function sessionsCheck({ project, swapped, plan }: Preflight): Answer {
  if (project.dialect.swapsSessions === undefined) {
    return { verdict: "skipped", told: "there is no server that somebody could stand before" };
  }
  if (swapped === null) return { verdict: "passed", told: "every session has a process of its own" };
  return {
    verdict: "failed",
    told: `A pooler at ${plan.target} swaps the server's processes between transactions: ${swapped}`,
    remedy:
      "A lock that is taken there protects nothing. Deploy with a URL that leads to the server itself, or to a pool in session mode.",
  };
}
