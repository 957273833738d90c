import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { runMigration } from "../print/migration.js";

type Options = CommandOptions["upgrade"];

/** `aludel upgrade [target…]` */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const runs = !options.sql && !options.dryRun;
  const check = runs ? await checkOf(context, options) : undefined;
  const exit = await runMigration(context, { ...options, command: "upgrade" }, check);
  if (runs && exit === 0) await mark(context);
  return exit;
}

async function mark(context: Context): Promise<void> {
  const environment = await context.environment();
  if (environment.identity.marker === null) return;
  const { keepMarker } = await import("../../run/marker.js");
  const { dialect, config } = await context.project();
  await keepMarker(dialect, await context.connect(), environment, config);
}

/** What is not protected, and was not approved, loads nothing of this. */
async function checkOf(context: Context, options: Options) {
  const environment = await context.environment();
  if (options.approve === null && !environment.protected && !environment.approve) return undefined;
  const { requireApproval } = await import("../approval.js");
  return requireApproval(context, options);
}
