import { resolve } from "node:path";
import { restoreBackup, verifyBackup } from "../../deploy/backup/restore.js";
import { bookkeepingOf } from "../../run/project.js";
import { readVersions } from "../../run/version-table.js";
import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { connectOwn } from "../own-session.js";
import { showDuration } from "../print/progress.js";

/** `aludel restore <file>` */
export async function run(context: Context, options: CommandOptions["restore"]): Promise<ExitCode> {
  const { out, signal, variables } = context;
  const project = { config: await context.config(), dialect: await context.dialect() };
  const environment = await context.environment();
  const path = resolve(context.cwd, options.file);
  const started = performance.now();
  await verifyBackup(project, path, { variables, signal });
  await requireConsent(context, "put a backup in the place of what is in the database", options.confirm);
  const connection = await connectOwn(context);
  out.status(`restoring ${connection.target}`);
  const { left } = await restoreBackup(project, environment, connection, path, {
    replace: options.replace,
    withoutOwners: !options.owner,
    lockTimeoutMs: options.lockTimeoutMs,
    variables,
    signal,
    onWait: (holder) => out.talk(`waiting for ${holder}`),
  });
  out.status(null);
  const restored = await context.connectBeside();
  const rows = await readVersions(restored, project.dialect, bookkeepingOf(project.config)).finally(() =>
    restored.close(),
  );
  out.data({ database: connection.target, file: path, rows: rows ?? [], left });
  if (left.length > 0) {
    out.warn(`These tables are not in the backup, and are still there: ${left.join(", ")}.`);
  }
  const at = rows === null || rows.length === 0 ? "base" : rows.join(", ");
  const took = showDuration(performance.now() - started);
  out.text(`Restored in ${took}; ${connection.target} is at ${at}.`);
  return 0;
}
