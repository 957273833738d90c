import { liveDrift } from "../../check/live-drift.js";
import { readDatabaseState } from "../../run/database-state.js";
import type { Answer, Preflight } from "./check.js";

/** What is not as the revisions of a database left it. */
export interface Changed {
  /** A line each, without what is allowed. */
  readonly lines: readonly string[];
  readonly undecided: readonly string[];
  /** `null` where the database has revisions that no file has. */
  readonly at: readonly string[] | null;
}

/** Looks for what somebody changed in a database by hand. @throws AludelError as `liveDrift`. */
export async function changedByHand({
  project,
  connection,
  openScratch,
  allowedDrift,
}: Pick<Preflight, "project" | "connection" | "openScratch" | "allowedDrift">): Promise<Changed> {
  const { byHand, at, unknown } = await liveDrift(project, connection, openScratch);
  if (byHand === null) {
    const lines = [`what ${unknown.join(", ")} made is not known: no file has it`];
    return { lines, undecided: [], at: null };
  }
  const isAllowed = (line: string) => allowedDrift.some(({ match }) => line.includes(match));
  return {
    lines: byHand.lines.filter((line) => !isAllowed(line)),
    undecided: [...byHand.undecided.values()],
    at: at ?? [],
  };
}

/** Nobody has changed the database by hand since the last deploy. */
export async function driftCheck(at: Preflight): Promise<Answer> {
  const { log } = await readDatabaseState(at.project, at.connection);
  const [begun] = log.unfinished.keys();
  if (begun !== undefined) {
    return {
      verdict: "skipped",
      told: `an earlier run stopped in the middle (${begun}), and this one goes on there`,
    };
  }
  const changed = await changedByHand(at);
  if (changed.lines.length > 0) {
    return {
      verdict: "failed",
      told: "Somebody has changed the database by hand",
      details: changed.lines,
      remedy: `Undo the change, or write the revision that makes it; \`aludel drift --env ${at.environment.name}\` tells of it again. ci.allowedDrift lets one through.`,
    };
  }
  if (changed.undecided.length > 0) {
    return {
      verdict: "warning",
      told: "Not everything could be looked at",
      details: changed.undecided,
      remedy: "Look at these places yourself.",
    };
  }
  const place = changed.at?.length ? changed.at.join(", ") : "base";
  return { verdict: "passed", told: `the database is what its revisions made of it, at ${place}` };
}
