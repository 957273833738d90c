import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { runMigration } from "../print/migration.js";

/** `aludel downgrade <target>` */
export async function run(context: Context, options: CommandOptions["downgrade"]): Promise<ExitCode> {
  const runs = !options.sql && !options.dryRun;
  if (runs) await requireConsent(context, "undo revisions", options.confirm);
  return runMigration(context, {
    ...options,
    approve: null,
    targets: [options.target],
    seed: false,
    command: "downgrade",
  });
}
