import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import type { PlannedStep } from "../../plan/plan-steps.js";
import { type MigrateOptions, migrate, planMigration } from "../../run/migrate.js";
import type { Project } from "../../run/project.js";
import type { SeedResult } from "../../seed/seed-database.js";
import type { Context } from "../context.js";
import { type Observation, observed } from "../observed.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { bothOf, count, reportRun, showDuration } from "./progress.js";
import { ranData, reportSeeds } from "./seeds.js";

type Options = CommandOptions["upgrade"] & { readonly command: "upgrade" | "downgrade" };

/** What `upgrade` and `downgrade` do: run, tell what would run, or print the script. */
export async function runMigration(
  context: Context,
  options: Options,
  check?: MigrateOptions["check"],
): Promise<ExitCode> {
  if (options.seed && options.sql) {
    throw new AludelError("usage", "--sql writes what revisions do, and --seed runs seeds", {
      remedy: "Leave --seed out, and run `aludel seed` when the script has run.",
    });
  }
  if (options.sql) return printScript(context, options);
  if (options.dryRun) return printPlan(context, options);
  return observed(context, { command: options.command }, async (observation) => {
    await migrateAndTell(context, options, observation, check);
    return { exit: 0 };
  });
}

async function migrateAndTell(
  context: Context,
  options: Options,
  observation: Observation,
  check: MigrateOptions["check"],
): Promise<void> {
  const project = await context.project();
  const connection = await context.connect({ mustExist: options.command === "downgrade" });
  const started = performance.now();
  const result = await migrate(project, connection, {
    command: options.command,
    targets: options.targets,
    transaction: options.transaction,
    lockTimeoutMs: options.lockTimeoutMs,
    allowEdited: options.allowEdited,
    patience: {
      timeouts: (await context.environment()).timeouts,
      openBeside: context.connectBeside,
      slowLockMs: observation.slowLockMs,
    },
    check,
    run: observation.run,
    redact: context.redact,
    signal: context.signal,
    report: bothOf(reportRun(context), observation.report),
  });
  context.out.status(null);
  const seeded = options.seed ? await seedAfter(context, project, connection, options) : null;
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
    ...(seeded === null ? {} : { seeds: seeded.ran.map(ranData) }),
  });
  const at = result.rows.length === 0 ? "base" : result.rows.join(", ");
  const what =
    result.executed.length === 0
      ? "Nothing to do"
      : `${count(result.executed.length, "revision")} in ${showDuration(performance.now() - started)}`;
  const seeds = seeded === null ? "" : `, with ${count(seeded.ran.length, "seed")} run`;
  context.out.text(`${what}; ${connection.target} is at ${at}${seeds}.`);
}

/** The seeds that are due after an upgrade; those of revisions that did not run wait. */
async function seedAfter(
  { out, signal }: Context,
  project: Project,
  connection: Connection,
  { lockTimeoutMs }: Options,
): Promise<SeedResult> {
  const { runSeeds } = await import("../../seed/seed-database.js");
  const result = await runSeeds(project, connection, {
    names: [],
    force: false,
    allowBehind: true,
    lockTimeoutMs,
    signal,
    onWait: (holder) => out.talk(`waiting for ${holder}`),
    report: reportSeeds(out),
  });
  out.status(null);
  const waiting = result.waiting.map(({ name }) => name).join(", ");
  if (waiting !== "") out.talk(`not run before the database is further: ${waiting}`);
  return result;
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
  const due = options.seed ? await dueAfter(at, connection, rows, steps) : null;
  const { lossesOf, lossText } = await import("./losses.js");
  const losses = options.command === "downgrade" ? await lossesOf(at, connection, steps) : null;
  context.out.data({
    command: options.command,
    database: connection.target,
    dryRun: true,
    ...(due === null ? {} : { seeds: due }),
    ...(losses === null ? {} : { losses }),
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
  if (losses !== null && steps.length > 0) for (const line of lossText(losses)) context.out.talk(line);
  if (due !== null && due.length > 0) context.out.talk(`Then these seeds: ${due.join(", ")}.`);
  return 0;
}

/** Names of the seeds that would be due after the steps. */
async function dueAfter(
  project: Project,
  connection: Connection,
  before: readonly string[],
  steps: readonly PlannedStep[],
): Promise<readonly string[]> {
  const [{ readSeeds }, { isDue, readMemory, standings }] = await Promise.all([
    import("../../seed/read-seeds.js"),
    import("../../seed/seed-state.js"),
  ]);
  const seeds = readSeeds(project.config.seeds, project.graph);
  const rows = [...before, ...steps.map(({ revision }) => revision.id)];
  const after = standings(project, seeds, rows, await readMemory(project, connection));
  return after.filter(isDue).map(({ seed }) => seed.name);
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
