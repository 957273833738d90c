import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { historyLine, revisionBlock, revisionData } from "../print/revision-lines.js";
import { readRange } from "../target.js";

/** Prints the revisions, newest first. Connects only to mark where the database is, or to count from there. */
export async function run(context: Context, options: CommandOptions["history"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const range = options.range ?? ":";
  if (options.picture !== null) {
    const { drawHistory } = await import("../draw-history.js");
    await drawHistory(context, options.picture, range, options.indicateCurrent);
    return 0;
  }
  const { history, nodes } = await readRange(context, range, { rows: options.indicateCurrent });
  if (nodes.length === 0) out.talk("there are no revisions");
  out.data(nodes.map((node) => revisionData(node, history)));
  out.text(
    context.verbose
      ? nodes.map((node) => revisionBlock(node, history, out, cwd)).join("\n\n")
      : nodes.map((node) => historyLine(node, history, out)).join("\n"),
  );
  return 0;
}
