import type { Report } from "../../run/event.js";
import type { Output } from "../output.js";
import { bar, count, showDuration } from "./amounts.js";
import { reportBackfills } from "./backfill.js";

/** Tells how a run goes on: a line for each revision, and on a terminal a bar under them. */
export function reportRun(out: Output): Report {
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
      case "begun-anew":
      case "op":
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
    }
  };
}

export { bar, count, showDuration };
