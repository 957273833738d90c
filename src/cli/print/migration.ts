import { migrate, planMigration } from "../../run/migrate.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { count, reportRun, showDuration } from "./progress.js";

type Options = Omit<CommandOptions["upgrade"], "targets"> & {
  readonly command: "upgrade" | "downgrade";
  readonly targets: readonly string[];
};

/** What `upgrade` and `downgrade` do: run, tell what would run, or print the script. */
export async function runMigration(context: Context, options: Options): Promise<ExitCode> {
  if (options.sql) return printScript(context, options);
  if (options.dryRun) return printPlan(context, options);
  const project = await context.project();
  const connection = await context.connect({ mustExist: options.command === "downgrade" });
  const started = performance.now();
  const result = await migrate(project, connection, {
    command: options.command,
    targets: options.targets,
    transaction: options.transaction,
    lockTimeoutMs: options.lockTimeoutMs,
    allowEdited: options.allowEdited,
    signal: context.signal,
    report: reportRun(context.out),
  });
  context.out.status(null);
  context.out.data({
    command: options.command,
    database: connection.target,
    executed: result.executed.map(({ revision, direction, durationMs, statements }) => ({
      revision: revision.id,
      message: revision.message,
      direction,
      durationMs,
      statements,
    })),
    rows: result.rows,
  });
  const at = result.rows.length === 0 ? "base" : result.rows.join(", ");
  const what =
    result.executed.length === 0
      ? "Nothing to do"
      : `${count(result.executed.length, "revision")} in ${showDuration(performance.now() - started)}`;
  context.out.text(`${what}; ${connection.target} is at ${at}.`);
  return 0;
}

async function printPlan(context: Context, options: Options): Promise<ExitCode> {
  const project = await context.project();
  const connection = await context.connect({ mustExist: true });
  const { project: at, rows, steps, known } = await planMigration(project, connection, options);
  const { writeScript } = await import("../../run/script.js");
  const script =
    steps.length === 0 && known === null
      ? ""
      : await writeScript(at, {
          ...options,
          rows,
          steps,
          known,
          serverVersion: connection.server.version,
          openScratch: context.openScratch,
        });
  context.out.data({
    command: options.command,
    database: connection.target,
    dryRun: true,
    rows,
    steps: steps.map(({ revision, direction }) => ({
      revision: revision.id,
      message: revision.message,
      direction,
    })),
    sql: script,
  });
  context.out.talk(
    steps.length === 0
      ? `Nothing to do; ${connection.target} stays as it is.`
      : `Would run ${count(steps.length, "revision")} on ${connection.target}; nothing was changed:`,
  );
  context.out.text(script);
  return 0;
}

async function printScript(context: Context, options: Options): Promise<ExitCode> {
  const project = await context.project();
  const { scriptRange } = await import("../../run/script-range.js");
  const { writeScript } = await import("../../run/script.js");
  const range = scriptRange(project, options.command, options.targets);
  const script = await writeScript(project, {
    ...options,
    ...range,
    serverVersion: null,
    openScratch: context.openScratch,
  });
  context.out.data({ command: options.command, rows: range.rows, targets: range.targets, sql: script });
  context.out.text(script);
  return 0;
}
