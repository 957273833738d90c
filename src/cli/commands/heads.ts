import type { Context } from "../context.js";
import { readHistory } from "../history.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { nameLine, revisionBlock, revisionData } from "../print/revision-lines.js";

/** Prints the revisions that no other revises. Several are an answer, not a mistake: exit 0. */
export async function run(context: Context, options: CommandOptions["heads"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const history = await readHistory(context, { rows: false });
  const { graph } = history;
  const heads = options.resolveDependencies ? graph.finalHeads : graph.heads;
  if (heads.length === 0) out.talk("there are no revisions");
  out.data(heads.map((node) => revisionData(node, history)));
  out.text(
    context.verbose
      ? heads.map((node) => revisionBlock(node, history, out, cwd)).join("\n\n")
      : heads.map((node) => nameLine(node, history, out)).join("\n"),
  );
  return 0;
}
