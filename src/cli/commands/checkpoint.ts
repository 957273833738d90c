import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { run as squash } from "./squash.js";

/** `aludel checkpoint [target]`: all revisions from the base up to the target become one. */
export async function run(context: Context, options: CommandOptions["checkpoint"]): Promise<ExitCode> {
  const { target, message, rows } = options;
  return squash(context, { range: `:${target}`, since: null, message, rows });
}
