import { AludelError } from "../error/error.js";
import type { Preflight } from "./preflight/check.js";
import { changedByHand } from "./preflight/drift.js";

/**
 * Looks whether the database is what its revisions make of it; gives the places that nobody could decide.
 *
 * @throws AludelError `deploy-unverified` with every difference.
 */
export async function verifyDeployed(
  at: Pick<Preflight, "project" | "connection" | "openScratch" | "allowedDrift">,
): Promise<readonly string[]> {
  const changed = await changedByHand(at);
  if (changed.lines.length === 0) return changed.undecided;
  throw new AludelError("deploy-unverified", "The database is not what its revisions make of it", {
    where: { object: at.connection.target },
    details: changed.lines,
    data: { differences: changed.lines, at: changed.at },
    remedy:
      "Somebody has changed it by hand meanwhile, or a revision does something else on this server than its ops say.",
  });
}
