import { inspectForSeeds, type SeedTrial, showChanges, trySeed } from "../../check/seeds/try-seed.js";
import { loadRowDialect } from "../../dialect/registry.js";
import { requiredSeeds } from "../../seed/seed-database.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { count } from "../print/progress.js";
import { seedData } from "../print/seeds.js";

/** `aludel check-seeds [name…]`: nothing of what is run stays. */
export async function run(context: Context, options: CommandOptions["check-seeds"]): Promise<ExitCode> {
  const { out } = context;
  const project = await context.project();
  const connection = await context.connect({ mustExist: true });
  const seeds = await requiredSeeds(project, connection, options.names);
  const schema = await inspectForSeeds(project, connection);
  const rows = await loadRowDialect(project.dialect.name);
  const trials: SeedTrial[] = [];
  for (const seed of seeds) {
    out.status(`checking: ${seed.name}`);
    trials.push(await trySeed(project, connection, schema, rows, seed));
  }
  out.status(null);
  const missing = trials.filter(({ changes, error }) => changes.length > 0 || error !== null);
  out.data({
    database: connection.target,
    complete: missing.length === 0,
    seeds: trials.map(({ seed, changes, error }) => ({
      ...seedData(seed),
      complete: changes.length === 0 && error === null,
      changes,
      error: error === null ? null : { code: error.code, message: error.message, remedy: error.remedy },
    })),
  });
  out.text(missing.map((trial) => show(context, trial)).join("\n"));
  tell(context, connection.target, trials.length, missing.length);
  // Where one fails it cannot be told what it would bring.
  if (trials.some(({ error }) => error !== null)) return 2;
  return missing.length === 0 ? 0 : 1;
}

function show({ out }: Context, { seed, changes, error }: SeedTrial): string {
  const lines =
    error === null
      ? showChanges(changes, 10)
      : [`no answer, it fails: ${error.message}`, `→ ${error.remedy}`];
  return [out.style("red", seed.name), ...lines.map((line) => `  ${line}`)].join("\n");
}

function tell({ out }: Context, database: string, all: number, missing: number): void {
  if (all === 0) out.talk("There are no seeds.");
  else if (missing === 0) out.talk(`${database} has the rows of ${count(all, "seed")}.`);
  else {
    out.talk(
      `${database} is not what ${count(missing, "seed")} of ${all} would make of it: run \`aludel seed --force\` if these rows have to be so.`,
    );
  }
}
