import { selectionOf } from "../../config/environment.js";
import { type GoingRead, showReads } from "../contract/going.js";
import type { Answer, Preflight } from "./check.js";

/** Nobody reads what would go: asked of the counters of the server, as far as it has any. */
export function readsCheck({ plan, project, environment, allowReads }: Preflight): Answer {
  const { reads } = plan;
  if (reads.length === 0) {
    if (project.dialect.reads === undefined)
      return { verdict: "skipped", told: "the engine does not count what is read" };
    return { verdict: "skipped", told: "nothing that is read would go" };
  }
  const inUse = reads.filter(isInUse);
  const others = reads.filter((one) => !isInUse(one));
  const replicas = plan.activity?.replicas.length ?? 0;
  const unseen = replicas > 0 ? ["what is read on replicas is not counted here"] : [];
  if (inUse.length > 0 && !allowReads) {
    return {
      verdict: "failed",
      code: "still-read",
      told: "What would go is still read",
      details: [...inUse, ...others].map(showReads),
      remedy: `Find out who reads it: a dump reads every table, too. If nobody needs it: aludel deploy ${selectionOf(environment.name)} --allow-reads`,
    };
  }
  const doubtful = reads.filter(({ reads: { times } }) => times !== 0);
  if (doubtful.length + unseen.length === 0) {
    return { verdict: "passed", told: reads.map(showReads).join("; ") };
  }
  return {
    verdict: "warning",
    told:
      inUse.length > 0
        ? "What would go is still read, and may be"
        : "Nobody can say whether what would go is still read",
    details: [...reads.map(showReads), ...unseen],
    remedy: "Know who reads it: from the code, or from the log of the server.",
  };
}

/** Reads of an index that goes make a query slower, and not wrong; those of a time before the expand say nothing. */
function isInUse({ going, reads: { times }, isRecent }: GoingRead): boolean {
  return going.kind !== "index" && isRecent && times !== null && times > 0;
}
