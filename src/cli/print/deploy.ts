import type { Checked, Verdict } from "../../deploy/preflight/check.js";
import type { CheckResult } from "../../deploy/smoke/smoke.js";
import type { Trend } from "../../deploy/smoke/watch.js";
import type { Output, Style } from "../output.js";
import { showDuration } from "./progress.js";

const styles: Readonly<Record<Verdict, Style>> = {
  passed: "green",
  failed: "red",
  warning: "yellow",
  skipped: "dim",
};

/** A line for a check, and under it what is to be done about it. */
export function checkText(out: Output, { name, verdict, told, details = [], remedy }: Checked): string {
  const lines = [`  ${out.style(styles[verdict], verdict.padEnd(7))}  ${name.padEnd(12)}  ${told}`];
  if (verdict === "failed" || verdict === "warning") {
    lines.push(...details.map((line) => `             ${line}`));
    if (remedy !== undefined) lines.push(`             ${out.style("cyan", "→")} ${remedy}`);
  }
  return lines.join("\n");
}

/** A line for a smoke check. */
export function smokeText(out: Output, { passed, name, seen, milliseconds }: CheckResult): string {
  const verdict = passed ? "passed" : "failed";
  return `  ${out.style(styles[verdict], verdict.padEnd(7))}  ${name}: ${seen} (${showDuration(milliseconds)})`;
}

/** A line for a smoke check that was watched. */
export function trendText(out: Output, { name, runs, failures, medianMs, before, worse }: Trend): string {
  const verdict = worse === null ? "passed" : "failed";
  const median = (milliseconds: number | null) =>
    milliseconds === null ? "" : `, median ${milliseconds} ms`;
  const now = `${failures} of ${runs} failed${median(medianMs)}`;
  const then = `before ${before.failures} of ${before.runs}${median(before.medianMs)}`;
  return `  ${out.style(styles[verdict], verdict.padEnd(7))}  ${name}: ${now}; ${then}`;
}

/** A line for a part of a deploy. */
export function partText(out: Output, part: string, told: string): string {
  return `${out.style("bold", part.padEnd(9))}  ${told}`;
}
