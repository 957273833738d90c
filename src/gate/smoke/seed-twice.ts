import { inspectForSeeds, type SeedTrial, showChanges, trySeed } from "../../check/seeds/try-seed.js";
import type { Connection } from "../../dialect/connection.js";
import { loadRowDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import type { Project } from "../../run/project.js";
import { readSeeds } from "../../seed/read-seeds.js";
import { runSeeds } from "../../seed/seed-database.js";
import { errorFinding, type GateFinding } from "../check.js";

/** What seeds do, and what they do a second time. */
export interface SeededTwice {
  readonly count: number;
  readonly findings: readonly GateFinding[];
}

/**
 * Runs all seeds, and then each once more: the tables that it writes to have to stay what they are, whatever it says of itself.
 * @throws AludelError for what is no answer about a seed.
 */
export async function seedTwice(
  project: Project,
  connection: Connection,
  signal: AbortSignal,
): Promise<SeededTwice> {
  const found = await asFinding(async () => readSeeds(project.config.seeds, project.graph));
  if ("finding" in found) return { count: 0, findings: [found.finding] };
  const seeds = found.value;
  if (seeds.length === 0) return { count: 0, findings: [] };
  const options = { names: [], force: true, allowBehind: false, lockTimeoutMs: 60_000, signal };
  const first = await asFinding(() =>
    runSeeds(project, connection, { ...options, onWait: () => undefined, report: () => undefined }),
  );
  if ("finding" in first) return { count: seeds.length, findings: [first.finding] };
  const schema = await inspectForSeeds(project, connection);
  const rows = await loadRowDialect(project.dialect.name);
  const findings: GateFinding[] = [];
  for (const seed of seeds) {
    const trial = await trySeed(project, connection, schema, rows, seed);
    if (trial.error !== null || trial.changes.length > 0) findings.push(notIdempotent(trial));
  }
  return { count: seeds.length, findings };
}

function notIdempotent({ seed, changes, line, error }: SeedTrial): GateFinding {
  const what =
    error === null
      ? `changes something when it runs again: ${showChanges(changes, 2).join("; ")}`
      : `fails when it runs again: ${error.message}`;
  const how =
    seed.format === "sql"
      ? "INSERT … ON CONFLICT (KEY) DO NOTHING, or DO UPDATE SET …, with a unique key, and no now() or random()"
      : "seed.upsert(TABLE, ROWS, { key: … }) with a unique key, and values that are the same each time";
  return {
    check: "smoke",
    code: "seed-not-idempotent",
    severity: "error",
    message: `Seed ${seed.name} ${what}`,
    remedy: `Let it leave alone what is there: ${how}.`,
    file: seed.file,
    line: line ?? 1,
    revision: seed.revision,
  };
}

async function asFinding<T>(
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly finding: GateFinding }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof AludelError) || !error.code.startsWith("seed-")) throw error;
    return { finding: errorFinding("smoke", error) };
  }
}
