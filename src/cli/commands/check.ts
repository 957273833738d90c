import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { diffSides } from "./diff.js";

/** `aludel check [--database]`: are the models what the revisions, or the database, say? */
export async function run(context: Context, options: CommandOptions["check"]): Promise<ExitCode> {
  if (options.database) {
    const names = { from: "database", to: "models" };
    return diffSides(context, { kind: "database" }, { kind: "models" }, names);
  }
  const names = { from: "revisions", to: "models" };
  const exit = await diffSides(context, { kind: "revision", target: "heads" }, { kind: "models" }, names);
  if (exit === 1) context.out.talk('The models need a revision: aludel revision --autogenerate -m "…"');
  return exit;
}
