import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import {
  historyLine,
  repeatableBlock,
  repeatableData,
  repeatableLine,
  revisionBlock,
  revisionData,
} from "../print/revision-lines.js";
import { reachesHeads, readRange } from "../target.js";

/** Prints the revisions, newest first. Connects only to mark where the database is, or to count from there. */
export async function run(context: Context, options: CommandOptions["history"]): Promise<ExitCode> {
  const { out, cwd } = context;
  if (options.runs) {
    const { showRuns } = await import("../show-runs.js");
    await showRuns(context);
    return 0;
  }
  const range = options.range ?? ":";
  if (options.picture !== null) {
    const { drawHistory } = await import("../draw-history.js");
    await drawHistory(context, options.picture, range, options.indicateCurrent);
    return 0;
  }
  const { history, nodes } = await readRange(context, range, { rows: options.indicateCurrent });
  // They stand above the heads, and newest is first.
  const after = (await reachesHeads(context, range)) ? history.repeatables.toReversed() : [];
  if (nodes.length + after.length === 0) out.talk("there are no revisions");
  if (context.json) {
    out.data([
      ...after.map((one) => repeatableData(one, history)),
      ...nodes.map((node) => revisionData(node, history)),
    ]);
    return 0;
  }
  const lines = context.verbose
    ? [
        ...after.map((one) => repeatableBlock(one, history, out, cwd)),
        ...nodes.map((node) => revisionBlock(node, history, out, cwd)),
      ]
    : [
        ...after.map((one) => repeatableLine(one, history, out)),
        ...nodes.map((node) => historyLine(node, history, out)),
      ];
  out.text(lines.join(context.verbose ? "\n\n" : "\n"));
  return 0;
}
