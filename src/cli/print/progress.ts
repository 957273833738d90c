import type { Report } from "../../run/event.js";
import type { Output } from "../output.js";
import { bar, count, showDuration } from "./amounts.js";
import { reportBackfills } from "./backfill.js";

/** Tells how a run goes on: a line for each revision, and on a terminal a bar under them; nothing where a log does it. */
export function reportRun({ out, log }: { readonly out: Output; readonly log: unknown }): Report {
  return log === null ? reportTo(out) : () => undefined;
}

/** Tells both. */
export function bothOf(first: Report, second: Report): Report {
  return (event) => {
    first(event);
    second(event);
  };
}

function reportTo(out: Output): Report {
  let total = 0;
  const backfills = reportBackfills(out);
  return (event) => {
    switch (event.kind) {
      case "lock-wait":
        out.talk(`waiting for ${event.holder}`);
        return;
      case "settled":
        out.talk(
          `${event.moved.join(", ")} ran here before being put elsewhere in the graph; the version table now says ${event.rows.join(", ")}`,
        );
        return;
      case "planned":
        total = event.total;
        return;
      case "revision-started":
        out.status(
          bar(event.position - 1, total, `${event.direction} ${event.revision.id} ${event.revision.message}`),
        );
        return;
      case "resumed":
        out.talk(
          `${event.revision.id}: goes on after ${count(event.statementsDone, "statement")} of an earlier run`,
        );
        return;
      case "gave-way": {
        const { tries, retries, milliseconds, holders } = event;
        const again = `again in ${showDuration(milliseconds)}`;
        out.talk(`${event.revision.id}: gave way (${tries} of ${retries + 1} tries), ${again}`);
        for (const holder of holders) out.talk(`  in the way: ${holder}`);
        return;
      }
      case "blockers-cancelled":
        for (const { session, refused } of event.cancelled) {
          if (refused === null) out.warn(`Cancelled a query that was in the way: ${session}`);
          else out.warn(`A query in the way could not be cancelled (${refused}): ${session}`);
        }
        return;
      case "backfill-started":
      case "backfill-progress":
      case "backfill-waits":
      case "backfill-finished":
        backfills(event);
        return;
      case "revision-finished": {
        const { direction, revision, durationMs } = event;
        const what = revision.repeatable === true ? `${direction} (repeatable)` : direction;
        out.talk(
          [what, revision.id, revision.message, `(${showDuration(durationMs)})`]
            .filter((part) => part !== "")
            .join(" "),
        );
        return;
      }
      // What a person at a terminal is told of by others, or not at all.
      case "run-started":
      case "run-finished":
      case "run-failed":
      case "part-started":
      case "part-finished":
      case "backup-made":
      case "smoke-checked":
      case "recorded":
      case "receipt-written":
      case "database-started":
      case "database-finished":
      case "lock-taken":
      case "lock-waits":
      case "lock-waited":
      case "begun-anew":
      case "op":
      case "statement-started":
      case "statement-finished":
      case "revision-failed":
        return;
    }
  };
}

export { bar, count, showDuration };
