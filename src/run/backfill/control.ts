import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import { bookkeepingOf, type Project } from "../project.js";
import {
  type BackfillStatus,
  type KnownBackfill,
  readBackfills,
  settleBackfill,
  type Wanted,
} from "./state.js";

/** `stopped`: nobody works at it, and the next run goes on with it. `pausing`: it is told to stand still. */
export type Situation = BackfillStatus | "pausing" | "stopped";

export interface ListedBackfill extends KnownBackfill {
  readonly situation: Situation;
}

/** What a database remembers of backfills, the newest last, and whether anybody works at them. */
export async function listBackfills(
  project: Project,
  connection: Connection,
): Promise<readonly ListedBackfill[]> {
  const known = await readBackfills(connection, project.dialect, project.config.backfillTable);
  const open = known.some(({ status }) => status === "running" || status === "paused");
  const live = open && (await hasRunner(project, connection));
  return known.map((one) => ({ ...one, situation: situationOf(one, live) }));
}

function situationOf({ status, wanted }: KnownBackfill, live: boolean): Situation {
  if (status !== "running" && status !== "paused") return status;
  if (!live) return "stopped";
  return status === "running" && wanted === "pause" ? "pausing" : status;
}

/** Whoever runs has the lock. */
async function hasRunner({ dialect, config }: Project, connection: Connection): Promise<boolean> {
  try {
    const bookkeeping = bookkeepingOf(config);
    const lock = await dialect.lock(connection, { bookkeeping, timeoutMs: 0, onWait: () => undefined });
    await lock.release();
    return false;
  } catch (error) {
    if (error instanceof AludelError && error.code === "lock-timeout") return true;
    throw error;
  }
}

const fitting: Readonly<Record<Wanted, readonly Situation[]>> = {
  pause: ["running", "pausing", "paused"],
  run: ["pausing", "paused", "stopped"],
  cancel: ["running", "pausing", "paused"],
};

/**
 * Tells the backfills that are under way what to do; they hear it after the part that they are at.
 *
 * @param revision the id of one, or the beginning of it; `null` is whichever there is.
 * @throws AludelError `backfill-refused` where there is none that could do it.
 */
export async function tellBackfills(
  project: Project,
  connection: Connection,
  wanted: Wanted,
  revision: string | null,
): Promise<readonly ListedBackfill[]> {
  const { dialect, config } = project;
  const all = await listBackfills(project, connection);
  const named = all.filter((one) => revision === null || one.revision.startsWith(revision));
  const told = named.filter(
    (one) => fitting[wanted].includes(one.situation) && (wanted !== "run" || one.wanted === "pause"),
  );
  if (told.length === 0) throw refused(connection, wanted, revision, named);
  for (const one of told) {
    await connection.run(settleBackfill(dialect, config.backfillTable, one, { wanted }));
  }
  return told;
}

function refused(
  connection: Connection,
  wanted: Wanted,
  revision: string | null,
  named: readonly ListedBackfill[],
): AludelError {
  const what = wanted === "run" ? "is paused" : "is running";
  const of = revision === null ? "" : ` of revision ${revision}`;
  const stopped = named.some(({ situation }) => situation === "stopped");
  return new AludelError("backfill-refused", `No backfill${of} ${what} on ${connection.target}`, {
    details: named.map((one) => `${one.revision}: the backfill of ${one.table} is ${one.situation}`),
    remedy: stopped
      ? "Nobody works at it: `aludel upgrade` goes on with it."
      : "See `aludel backfill status`.",
  });
}
