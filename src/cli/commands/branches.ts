import { isBranchPoint } from "../../revision/graph/graph.js";
import type { Context } from "../context.js";
import { readHistory } from "../history.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { historyLine, revisionBlock, revisionData } from "../print/revision-lines.js";

/** Prints every revision from which lines part, and what goes on from it. */
export async function run(context: Context, _options: CommandOptions["branches"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const history = await readHistory(context, { rows: false });
  const points = history.graph.order.filter(isBranchPoint);
  if (points.length === 0) out.talk("there are no branches");
  out.data(points.map((node) => revisionData(node, history)));
  const blocks = points.map((node) =>
    [
      context.verbose ? `${revisionBlock(node, history, out, cwd)}\n` : historyLine(node, history, out),
      ...node.children.map((child) => `  ${historyLine(child, history, out)}`),
    ].join("\n"),
  );
  out.text(blocks.join("\n\n"));
  return 0;
}
