import { relative } from "node:path";
import { AludelError } from "../../error/error.js";
import { requireOwnProcess } from "../../run/own-process.js";
import { listSeeds, planSeeds, runSeeds } from "../../seed/seed-database.js";
import type { SeedStanding, SeedState } from "../../seed/seed-state.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { count, showDuration } from "../print/progress.js";
import { ranData, reportSeeds, seedData } from "../print/seeds.js";
import { table } from "../print/table.js";

/** `aludel seed [name…]` */
export async function run(context: Context, options: CommandOptions["seed"]): Promise<ExitCode> {
  const { out, signal } = context;
  const project = await context.project();
  if (options.list && (options.dryRun || options.force || options.names.length > 0)) {
    throw new AludelError("usage", "--list tells where all seeds are, and takes nothing beside it", {
      remedy: "Leave the others out, or --list.",
    });
  }
  const connection = await context.connect({ mustExist: true });
  if (options.list) return list(context, await listSeeds(project, connection), connection.target);
  const asked = { names: options.names, force: options.force, allowBehind: false };
  if (options.dryRun) {
    const { due } = await planSeeds(project, connection, asked);
    out.data({ database: connection.target, dryRun: true, due: due.map(({ name }) => name) });
    out.talk(
      due.length === 0
        ? "No seed is due."
        : `Would run ${count(due.length, "seed")} on ${connection.target}; nothing was changed:`,
    );
    out.text(due.map(({ file }) => relative(context.cwd, file)).join("\n"));
    return 0;
  }
  await requireOwnProcess(project.dialect, connection, context.connectBeside);
  const started = performance.now();
  const { ran } = await runSeeds(project, connection, {
    ...asked,
    lockTimeoutMs: options.lockTimeoutMs,
    signal,
    onWait: (holder) => out.talk(`waiting for ${holder}`),
    report: reportSeeds(out),
  });
  out.status(null);
  out.data({ database: connection.target, ran: ran.map(ranData) });
  const what =
    ran.length === 0
      ? "No seed is due"
      : `${count(ran.length, "seed")} in ${showDuration(performance.now() - started)}`;
  out.text(`${what}; ${connection.target} has what they bring.`);
  return 0;
}

const colours = {
  applied: "green",
  changed: "yellow",
  undone: "yellow",
  pending: "yellow",
  waiting: "dim",
} as const satisfies Record<SeedState, string>;

function list({ out, cwd }: Context, standings: readonly SeedStanding[], database: string): ExitCode {
  out.data({
    database,
    seeds: standings.map(({ seed, state, seededAt }) => ({ ...seedData(seed), state, seededAt })),
  });
  if (standings.length === 0) out.talk("there are no seeds");
  out.text(
    table(
      standings.map(({ seed, state, seededAt }) => [
        out.style(colours[state], state),
        seed.name,
        seededAt ?? (state === "waiting" ? `for ${seed.revision ?? "the head"}` : ""),
        relative(cwd, seed.file),
      ]),
    ),
  );
  return 0;
}
