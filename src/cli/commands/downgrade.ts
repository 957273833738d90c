import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { runMigration } from "../print/migration.js";

/** `aludel downgrade <target>` */
export function run(context: Context, options: CommandOptions["downgrade"]): Promise<ExitCode> {
  return runMigration(context, { ...options, targets: [options.target], command: "downgrade" });
}
