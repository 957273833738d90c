import type { Connection } from "../dialect/connection.js";
import { closure } from "../revision/graph/closure.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import type { Seed } from "./read-seeds.js";
import { type LogLines, readLogLines, readRecords, type SeedRecord } from "./records.js";

/**
 * Where a seed is in a database. `changed`: its file is another one since it ran · `undone`: revisions were taken back since,
 * perhaps with its rows · `pending`: it has not run · `waiting`: what it is for is not there yet.
 */
export type SeedState = "applied" | "changed" | "undone" | "pending" | "waiting";

export interface SeedStanding {
  readonly seed: Seed;
  readonly state: SeedState;
  /** When it ran last; `null` for one that has not. */
  readonly seededAt: string | null;
}

/** What a database remembers of seeds. */
export interface SeedMemory {
  readonly records: ReadonlyMap<string, SeedRecord>;
  readonly log: LogLines;
}

/** Asks a database what it remembers, in two round trips. */
export async function readMemory({ config, dialect }: Project, connection: Connection): Promise<SeedMemory> {
  return {
    records: await readRecords(connection, dialect, config.seedTable),
    log: await readLogLines(connection, dialect, bookkeepingOf(config).runLogTable),
  };
}

/** Where each seed is, when the version table has these rows. */
export function standings(
  { graph }: Pick<Project, "graph">,
  seeds: readonly Seed[],
  rows: Iterable<string>,
  { records, log }: SeedMemory,
): readonly SeedStanding[] {
  const known = [...rows].filter((id) => graph.nodes.has(id));
  const applied = closure(graph, known);
  const isAtHeads = graph.finalHeads.every(({ id }) => applied.has(id));
  return seeds.map((seed) => {
    const record = records.get(seed.name);
    const isReady = seed.revision === null ? isAtHeads : applied.has(seed.revision);
    const seededAt = record?.seededAt ?? null;
    return { seed, state: isReady ? stateOf(seed, record, log) : "waiting", seededAt };
  });
}

function stateOf(seed: Seed, record: SeedRecord | undefined, log: LogLines): SeedState {
  if (record === undefined) return "pending";
  if (record.checksum !== seed.checksum) return "changed";
  return record.runLogId < log.takenBack ? "undone" : "applied";
}

/** True for what runs without being told to. */
export function isDue({ state }: SeedStanding): boolean {
  return state === "pending" || state === "changed" || state === "undone";
}
