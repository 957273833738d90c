import { liveDrift } from "../../check/live-drift.js";
import { selectionOf } from "../../config/environment.js";
import { readDatabaseState } from "../../run/database-state.js";
import type { Answer, Preflight } from "./check.js";
import { leftInvalid, makesOneOf } from "./left-invalid.js";

/** What is not as the revisions of a database left it. */
export interface Changed {
  /** A line each, without what is allowed. */
  readonly lines: readonly string[];
  readonly undecided: readonly string[];
  /** `null` where the database has revisions that no file has. */
  readonly at: readonly string[] | null;
}

/**
 * Looks for what somebody changed in a database by hand.
 *
 * @param left names of indexes that are no change, because an earlier run has left them.
 * @throws AludelError as `liveDrift`.
 */
export async function changedByHand(
  {
    project,
    connection,
    openScratch,
    allowedDrift,
  }: Pick<Preflight, "project" | "connection" | "openScratch" | "allowedDrift">,
  left: ReadonlySet<string> = new Set(),
): Promise<Changed> {
  const { byHand, at, unknown } = await liveDrift(project, connection, openScratch);
  if (byHand === null) {
    const lines = [`what ${unknown.join(", ")} made is not known: no file has it`];
    return { lines, undecided: [], at: null };
  }
  const isAllowed = (line: string) => allowedDrift.some(({ match }) => line.includes(match));
  return {
    lines: byHand.lines.filter((line, place) => {
      const op = byHand.ops[place];
      return !isAllowed(line) && (op === undefined || !makesOneOf(left, op));
    }),
    undecided: [...byHand.undecided.values()],
    at: at ?? [],
  };
}

/** How often it is looked again because a run was at work meanwhile. */
const mostLooks = 3;

/** Nobody has changed the database by hand since the last deploy. */
export async function driftCheck(at: Preflight): Promise<Answer> {
  let before = await standing(at);
  for (let look = 1; ; look += 1) {
    if (before.begun !== null) {
      return {
        verdict: "skipped",
        told: `a run is in the middle of it, or has stopped there (${before.begun}), and this one goes on there`,
      };
    }
    const left = await leftInvalid(at.project.dialect, at.connection, at.plan);
    const changed = await changedByHand(at, left);
    if (changed.lines.length === 0) return answerOf(at, changed, left);
    // It was looked at with several questions: what came in between them was seen by half.
    const after = await standing(at);
    if (after.told === before.told) return answerOf(at, changed, left);
    if (look === mostLooks) {
      return {
        verdict: "warning",
        told: "Another run is changing the database, so that it could not be compared",
        remedy: "The upgrade waits until that has ended, and the database is looked at afterwards.",
      };
    }
    before = after;
  }
}

/** Where the database is. `begun`: what was begun and has not ended, though nothing of it may be committed. */
async function standing({ project, connection }: Preflight) {
  const { rows, log } = await readDatabaseState(project, connection);
  const [begun = null] = [...log.unfinished.keys(), ...log.cutOff.keys()];
  const told = JSON.stringify([rows, [...log.checksums], [...log.unfinished], [...log.cutOff]]);
  return { begun, told };
}

function answerOf(at: Preflight, changed: Changed, left: ReadonlySet<string>): Answer {
  if (changed.lines.length > 0) {
    return {
      verdict: "failed",
      told: "Somebody has changed the database by hand",
      details: changed.lines,
      remedy: `Undo the change, or write the revision that makes it; \`aludel drift ${selectionOf(at.environment.name)}\` tells of it again. ci.allowedDrift lets one through.`,
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
  const but = left.size === 0 ? "" : `, but for what an earlier run left invalid (${[...left].join(", ")})`;
  return { verdict: "passed", told: `the database is what its revisions made of it, at ${place}${but}` };
}
