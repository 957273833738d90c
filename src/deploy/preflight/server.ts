import type { Answer, Preflight } from "./check.js";

/** The server can be given changes, and takes every statement; one that is too old was refused when it answered. */
export function serverCheck({ plan, connection }: Preflight): Answer {
  if (plan.activity?.isReplica === true) {
    return {
      verdict: "failed",
      told: `${connection.server.product} at ${plan.target} is a replica, which only repeats what another one does`,
      remedy: "Correct the URL: deploy to the primary.",
    };
  }
  const refused = plan.revisions.flatMap(({ revision, statements }) =>
    statements.flatMap(({ effect, line }) =>
      effect.refused === null ? [] : [`${revision.file}:${line}: ${effect.refused}`],
    ),
  );
  if (refused.length > 0) {
    return {
      verdict: "failed",
      told: `${connection.server.product} refuses what would run`,
      details: refused,
      remedy: "Write the revision for this version of the server.",
    };
  }
  return { verdict: "passed", told: connection.server.product };
}
