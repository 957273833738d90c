import { relative, resolve } from "node:path";
import { makeBackup } from "../../deploy/backup/backup.js";
import { showBytes } from "../../deploy/show-bytes.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { connectOwn } from "../own-session.js";
import { showDuration } from "../print/progress.js";

/** `aludel backup` */
export async function run(context: Context, options: CommandOptions["backup"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const project = { config: await context.config(), dialect: await context.dialect() };
  const environment = await context.environment();
  const connection = await connectOwn(context, { mustExist: true });
  out.status(`backing up ${connection.target}`);
  const backup = await makeBackup(project, environment, connection, {
    lockTimeoutMs: options.lockTimeoutMs,
    variables: context.variables,
    signal: context.signal,
    onWait: (holder) => out.talk(`waiting for ${holder}`),
    ...(options.folder === null ? {} : { folder: resolve(cwd, options.folder) }),
    ...(options.jobs === null ? {} : { jobs: options.jobs }),
  });
  out.status(null);
  out.data({ database: connection.target, ...backup });
  const what = backup.path === null ? backup.name : relative(cwd, backup.path) || backup.path;
  const size = backup.bytes === null ? "" : `${showBytes(backup.bytes)}, `;
  out.text(`${what} (${size}${showDuration(backup.milliseconds)}), verified.`);
  out.text(`To restore it: ${backup.restore}`);
  return 0;
}
