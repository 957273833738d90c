import type { AnalysedStatement } from "../../effect/statement.js";
import { timelineOf, timelineStatement } from "../../effect/timeline.js";
import type { Output } from "../output.js";
import { headline, lockless } from "./explanation.js";
import { showTimeline } from "./timeline.js";

/**
 * Who is blocked from which statement to which, file by file: a lock is held until its transaction ends. How long that takes
 * nobody knows without running it, so that each statement is as wide as the others.
 */
export function explainedTimeline(
  statements: readonly AnalysedStatement[],
  style: Output["style"],
  columns: number,
): string {
  const files = new Map<string, AnalysedStatement[]>();
  for (const one of statements) {
    const name = one.section === "down" ? `${one.file} (the way back)` : one.file;
    const some = files.get(name);
    if (some === undefined) files.set(name, [one]);
    else some.push(one);
  }
  const parts = [...files].map(([name, some]) => {
    const width = String(some.length).length + 2;
    const lines = some.map(({ line, sql }, at) => {
      return `${String(at + 1).padStart(width)}  ${style("dim", `line ${line}:`)} ${headline(sql)}`;
    });
    const drawn = showTimeline(timelineOf(some.map(timelineStatement)), style, columns);
    const none = `  ${style("dim", lockless)}`;
    return [style("cyan", name), ...lines, "", drawn === "" ? none : drawn].join("\n");
  });
  return parts.join("\n\n");
}
