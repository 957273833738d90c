import type { RunEvent } from "../../run/event.js";
import { showName } from "../../schema/name.js";
import type { Output } from "../output.js";
import { bar, showDuration } from "./amounts.js";

/** Milliseconds between two lines where no line can be replaced by the next. */
const lineEveryMs = 10_000;

type BackfillEvent = Extract<RunEvent, { readonly kind: `backfill-${string}` }>;

/** Tells how backfills go on: a bar on a terminal, elsewhere a line every few seconds. */
export function reportBackfills(out: Output): (event: BackfillEvent) => void {
  let toldAt = performance.now();
  return (event) => {
    switch (event.kind) {
      case "backfill-started": {
        const { revision, op, by, resumed, written } = event;
        const on = resumed ? `goes on after ${rowCount(written)}` : "begins";
        out.talk(`${revision.id}: the backfill of ${showName(op.table)} ${on}, by ${by}`);
        toldAt = performance.now();
        return;
      }
      case "backfill-progress": {
        const line = showProgress(event);
        out.status(line);
        if (out.hasStatus || performance.now() - toldAt < lineEveryMs) return;
        toldAt = performance.now();
        out.talk(line);
        return;
      }
      case "backfill-waits":
        out.talk(
          event.reason === null
            ? `${event.revision.id}: the backfill goes on`
            : `${event.revision.id}: the backfill waits: ${event.reason}`,
        );
        return;
      case "backfill-finished": {
        const { revision, op, written, durationMs } = event;
        out.talk(
          `${revision.id}: ${rowCount(written)} of ${showName(op.table)} written (${showDuration(durationMs)}); none is left`,
        );
        return;
      }
    }
  };
}

/** `12,345` */
function grouped(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** `1 row`, `12,345 rows` */
export function rowCount(number: number): string {
  return number === 1 ? "1 row" : `${grouped(number)} rows`;
}

/** `[#####     ] 450,000/1,000,000 backfill of orders, 52,000 rows/s, 10.6 s left` */
function showProgress({ op, progress }: Extract<BackfillEvent, { kind: "backfill-progress" }>): string {
  const { passed, written, total, rowsPerSecond, millisecondsLeft } = progress;
  const label = `backfill of ${showName(op.table)}, ${grouped(rowsPerSecond)} rows/s`;
  if (total === null) return `${label}, ${rowCount(written)} written`;
  const left = millisecondsLeft === null ? "" : `, ${showDuration(millisecondsLeft)} left`;
  return bar(Math.min(passed, total), total, `${label}${left}`, grouped);
}
