import type { Report } from "../../run/event.js";
import type { Output } from "../output.js";

/** Tells how a run goes on: a line for each revision, and on a terminal a bar under them. */
export function reportRun(out: Output): Report {
  let total = 0;
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
      case "begun-anew":
      case "op":
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

const barWidth = 20;

/** `[#####               ]  3/12 upgrade 4f2a91c04b7d add email` */
export function bar(done: number, total: number, label: string): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  const position = `${String(done).padStart(String(total).length)}/${total}`;
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}] ${position} ${label}`;
}

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function showDuration(milliseconds: number): string {
  // The bounds are where the rounded number would reach the next unit.
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 statement`, `3 statements` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
