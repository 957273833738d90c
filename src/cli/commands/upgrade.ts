import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { runMigration } from "../print/migration.js";

/** `aludel upgrade [target…]` */
export function run(context: Context, options: CommandOptions["upgrade"]): Promise<ExitCode> {
  return runMigration(context, { ...options, command: "upgrade" });
}
