import { existsSync } from "node:fs";
import { addCountedColumns, ensureBookkeeping } from "../../run/bookkeeping.js";
import { ensureSeedTable } from "../../seed/seed-database.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";

/** `aludel ensure-version` */
export async function run(context: Context, _options: CommandOptions["ensure-version"]): Promise<ExitCode> {
  const project = await context.project();
  const connection = await context.connect();
  await ensureBookkeeping(project, connection);
  await addCountedColumns(project, connection);
  const { versionTable, runLogTable, seedTable } = project.config;
  const hasSeeds = existsSync(project.config.seeds);
  if (hasSeeds) await ensureSeedTable(project, connection);
  const made = { versionTable, runLogTable, ...(hasSeeds ? { seedTable } : {}) };
  context.out.data({ database: connection.target, ...made });
  const names = Object.values(made).map(({ name }) => name);
  context.out.text(
    `${connection.target} has the tables ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`,
  );
  return 0;
}
