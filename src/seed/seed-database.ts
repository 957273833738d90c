import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { areThere } from "../run/bookkeeping.js";
import { inTransaction } from "../run/in-transaction.js";
import { planMigration } from "../run/migrate.js";
import type { Project } from "../run/project.js";
import { type LockWait, takeLock } from "../run/take-lock.js";
import { readSeeds, type Seed } from "./read-seeds.js";
import { writeRecord } from "./records.js";
import { loadSeed, type SeedBody } from "./run-seed.js";
import { isDue, readMemory, type SeedStanding, standings } from "./seed-state.js";

export interface SeedOptions extends LockWait {
  /** Names of seeds; none is all of them. */
  readonly names: readonly string[];
  /** Those that have run and not changed since, too. */
  readonly force: boolean;
  /** Seeds of revisions run although the database is not at the heads; the others wait. */
  readonly allowBehind: boolean;
  readonly report: (event: SeedEvent) => void;
}

export type SeedEvent =
  | { readonly kind: "started"; readonly seed: Seed; readonly position: number; readonly total: number }
  | { readonly kind: "finished"; readonly seed: Seed; readonly durationMs: number };

export interface SeedResult {
  readonly ran: readonly { readonly seed: Seed; readonly durationMs: number }[];
  /** What is for revisions that the database does not have. */
  readonly waiting: readonly Seed[];
}

/** What would run, and where all seeds are. */
export interface SeedPlan {
  readonly standings: readonly SeedStanding[];
  readonly due: readonly Seed[];
}

/**
 * What would run now; nothing is changed.
 * @throws AludelError `seed-refused` where the database is not at the heads; `seed-invalid`; as an upgrade for a database
 *   whose place is not known.
 */
export async function planSeeds(
  project: Project,
  connection: Connection,
  options: Pick<SeedOptions, "names" | "force" | "allowBehind">,
): Promise<SeedPlan> {
  const seeds = readSeeds(project.config.seeds, project.graph);
  const chosen = choose(project, seeds, options.names);
  const rows = await rowsOf(project, connection, options.allowBehind);
  const all = standings(project, seeds, rows, await readMemory(project, connection));
  const due = all.filter(
    (one) => chosen.has(one.seed) && (isDue(one) || (options.force && one.state === "applied")),
  );
  return { standings: all, due: due.map(({ seed }) => seed) };
}

/** Where all seeds are in a database that may be anywhere. */
export async function listSeeds(project: Project, connection: Connection): Promise<readonly SeedStanding[]> {
  const seeds = readSeeds(project.config.seeds, project.graph);
  const rows = await rowsOf(project, connection, true);
  return standings(project, seeds, rows, await readMemory(project, connection));
}

/**
 * Runs the seeds that are due, each in a transaction of its own in which it is recorded, too.
 * @throws AludelError as `planSeeds`, and `lock-timeout`; `seed-failed` with the place: those before it stay.
 */
export async function runSeeds(
  project: Project,
  connection: Connection,
  options: SeedOptions,
): Promise<SeedResult> {
  const first = await planSeeds(project, connection, options);
  if (first.due.length === 0) return { ran: [], waiting: waitingOf(first) };
  const lock = await takeLock(project, connection, options);
  try {
    await ensureSeedTable(project, connection);
    // Another runner may have run them in the meantime.
    const plan = await planSeeds(project, connection, options);
    return { ran: await runDue(project, connection, plan.due, options), waiting: waitingOf(plan) };
  } finally {
    await lock.release();
  }
}

const waitingOf = ({ standings }: SeedPlan): readonly Seed[] =>
  standings.flatMap(({ seed, state }) => (state === "waiting" ? [seed] : []));

/** Makes the table that says which seeds ran, where it is missing. */
export async function ensureSeedTable({ config, dialect }: Project, connection: Connection): Promise<void> {
  if (await areThere(dialect, connection, [config.seedTable])) return;
  await connection.run(dialect.seedTableDdl(config.seedTable).join(";\n"));
}

async function runDue(
  project: Project,
  connection: Connection,
  due: readonly Seed[],
  { report, signal }: Pick<SeedOptions, "report" | "signal">,
): Promise<SeedResult["ran"]> {
  // A file with a mistake stops the run before anything has run.
  const loaded: (readonly [Seed, SeedBody])[] = [];
  for (const seed of due) loaded.push([seed, await loadSeed(project, seed)]);
  const { config, dialect } = project;
  const { log } = await readMemory(project, connection);
  const ran: { seed: Seed; durationMs: number }[] = [];
  for (const [at, [seed, body]] of loaded.entries()) {
    if (signal.aborted) throw interrupted();
    report({ kind: "started", seed, position: at + 1, total: loaded.length });
    const started = performance.now();
    await inTransaction({ connection, dialect }, async () => {
      await body(connection);
      await writeRecord(connection, dialect, config.seedTable, seed, log.newest);
    }).catch((error: unknown) => {
      throw signal.aborted
        ? interrupted(error)
        : failed(
            error,
            seed,
            loaded.slice(at + 1).map(([one]) => one),
          );
    });
    const durationMs = performance.now() - started;
    report({ kind: "finished", seed, durationMs });
    ran.push({ seed, durationMs });
  }
  return ran;
}

/** The rows of the version table. */
async function rowsOf(
  project: Project,
  connection: Connection,
  allowBehind: boolean,
): Promise<readonly string[]> {
  const target = { command: "upgrade", targets: ["heads"] } as const;
  const { rows, steps } = await planMigration(project, connection, target);
  const [next] = steps;
  if (next === undefined || allowBehind) return rows;
  const count = steps.length === 1 ? "a revision" : `${steps.length} revisions`;
  throw new AludelError("seed-refused", `The database is ${count} behind the head`, {
    where: { object: connection.target },
    details: [`Next: ${next.revision.id} ${next.revision.message}`],
    data: { pending: steps.map(({ revision }) => revision.id) },
    remedy: "Seeds are for the schema at the head: bring it there and run them with `aludel upgrade --seed`.",
  });
}

/** @throws AludelError `usage` for a name that no seed has. */
function choose({ config }: Project, seeds: readonly Seed[], names: readonly string[]): ReadonlySet<Seed> {
  if (names.length === 0) return new Set(seeds);
  return new Set(
    names.map((name) => {
      const found = seeds.find((seed) => seed.name === name || seed.revision === name);
      if (found !== undefined) return found;
      const known = seeds.map((seed) => seed.name);
      throw new AludelError("usage", `There is no seed ${name} in ${config.seeds}`, {
        remedy: known.length === 0 ? "Write it there." : `There are ${known.join(", ")}.`,
        data: { seeds: known },
      });
    }),
  );
}

/** The error of a seed, with what that means for it and for the others. */
function failed(error: unknown, seed: Seed, notReached: readonly Seed[]): unknown {
  if (!(error instanceof AludelError)) return error;
  const told =
    error.code === "sql-failed" || error.code === "assertion-failed" || error.code === "seed-failed";
  const rest = notReached.map(({ name }) => name).join(", ");
  return new AludelError(told ? "seed-failed" : error.code, `Seed ${seed.name} failed: ${error.message}`, {
    where: { file: seed.file, ...error.where },
    details: [
      ...error.details,
      `Nothing of seed ${seed.name} stays: it was rolled back.`,
      ...(rest === "" ? [] : [`Not reached: ${rest}.`]),
    ],
    data: { ...error.data, seed: seed.name },
    cause: error,
    remedy: `${error.remedy} Then run \`aludel seed\`: it goes on from here.`,
  });
}

function interrupted(cause?: unknown): AludelError {
  return new AludelError("interrupted", "Interrupted while seeds ran", {
    cause,
    remedy: "Run `aludel seed`: it goes on from here.",
  });
}

/**
 * The seeds whose rows a database at the heads has to have.
 * @throws AludelError as `planSeeds`.
 */
export async function requiredSeeds(
  project: Project,
  connection: Connection,
  names: readonly string[],
): Promise<readonly Seed[]> {
  const { standings } = await planSeeds(project, connection, { names, force: true, allowBehind: false });
  const chosen = choose(
    project,
    standings.map(({ seed }) => seed),
    names,
  );
  return standings.flatMap(({ seed }) => (chosen.has(seed) ? [seed] : []));
}
