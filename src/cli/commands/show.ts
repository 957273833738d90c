import type { Context } from "../context.js";
import { readHistory } from "../history.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { repeatableBlock, repeatableData, revisionBlock, revisionData } from "../print/revision-lines.js";
import { findRepeatable, readTarget } from "../target.js";

/** Prints all about the revisions of a target. */
export async function run(context: Context, options: CommandOptions["show"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const repeatable = await findRepeatable(context, options.target);
  if (repeatable !== null) {
    const history = await readHistory(context, { rows: false });
    out.data([repeatableData(repeatable, history)]);
    out.text(repeatableBlock(repeatable, history, out, cwd));
    return 0;
  }
  const { history, nodes } = await readTarget(context, options.target);
  if (nodes.length === 0) out.talk(`${options.target} is below all revisions`);
  out.data(nodes.map((node) => revisionData(node, history)));
  out.text(nodes.map((node) => revisionBlock(node, history, out, cwd)).join("\n\n"));
  return 0;
}
