import { AludelError } from "../../error/error.js";
import { showName } from "../../schema/name.js";
import { waitFor } from "../give-way.js";
import { throwIfInterrupted } from "./part.js";
import type { Running } from "./running.js";
import { readBackfills, settleBackfill, type Wanted } from "./state.js";

const askEveryMs = 500;

/**
 * Does what another process wants: stands still until it is told to go on.
 * @throws AludelError `backfill-cancelled`, `interrupted`.
 */
export async function obey(running: Running, wanted: Wanted): Promise<void> {
  if (wanted === "run") return;
  if (wanted === "cancel") throw cancelled(running);
  const { context, table, key, revision } = running;
  const { connection, dialect, report, signal } = context;
  const command = `aludel backfill resume ${revision.id}`;
  report({ kind: "backfill-waits", revision, reason: `paused; \`${command}\` lets it go on` });
  await connection.run(settleBackfill(dialect, table, key, { status: "paused" }));
  let now: Wanted = wanted;
  while (now === "pause") {
    await waitFor(askEveryMs, signal);
    throwIfInterrupted(running);
    now = await wantedNow(running);
  }
  if (now === "cancel") throw cancelled(running);
  await connection.run(settleBackfill(dialect, table, key, { status: "running" }));
  report({ kind: "backfill-waits", revision, reason: null });
}

async function wantedNow({ context, table, key }: Running): Promise<Wanted> {
  const all = await readBackfills(context.connection, context.dialect, table);
  const own = all.find(
    ({ revision, direction, position }) =>
      revision === key.revision && direction === key.direction && position === key.position,
  );
  return own?.wanted ?? "run";
}

function cancelled({ op, standing }: Running): AludelError {
  const { written } = standing;
  return new AludelError(
    "backfill-cancelled",
    `The backfill of ${showName(op.table)} was cancelled by \`aludel backfill cancel\``,
    {
      where: { object: showName(op.table) },
      details: [`${written === 1 ? "1 row has" : `${written} rows have`} been written, and stay so.`],
      data: { written },
      remedy: "It goes on behind these rows when the revision is run again.",
    },
  );
}
