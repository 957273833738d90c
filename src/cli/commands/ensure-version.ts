import { ensureBookkeeping } from "../../run/migrate.js";
import { bookkeepingOf } from "../../run/project.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";

/** `aludel ensure-version` */
export async function run(context: Context, _options: CommandOptions["ensure-version"]): Promise<ExitCode> {
  const project = await context.project();
  const connection = await context.connect();
  await ensureBookkeeping(project, connection);
  const { versionTable, runLogTable } = bookkeepingOf(project.config);
  context.out.data({ database: connection.target, versionTable, runLogTable });
  context.out.text(`${connection.target} has the tables ${versionTable.name} and ${runLogTable.name}.`);
  return 0;
}
