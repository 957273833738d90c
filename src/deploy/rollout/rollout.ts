import type { Wave } from "../../config/fleet-config.js";
import { dividedIntoWaves } from "./waves.js";

/** What became of one database of a fleet. */
export type Outcome =
  | { readonly status: "upgraded"; readonly revisions: readonly string[]; readonly milliseconds: number }
  /** It was at the target already. */
  | { readonly status: "unchanged"; readonly milliseconds: number }
  | { readonly status: "failed"; readonly error: unknown; readonly milliseconds: number }
  /** Too many others had failed before its turn, or somebody wanted to stop. */
  | { readonly status: "not-begun" };

export interface RolloutOptions {
  readonly waves: readonly Wave[];
  readonly parallel: number;
  readonly maxFailures: number;
  readonly signal: AbortSignal;
  /** Is told of each wave when it begins: from 1, of how many, and how many are in it. */
  readonly onWave: (wave: number, waves: number, members: number) => void;
  /** Is told of each database when it has ended. */
  readonly onEnd: (position: number, outcome: Outcome) => void;
}

/**
 * Upgrades the databases of a fleet, wave after wave: one that fails is left as it was, and when more have failed than may
 * no other one is begun. Those that are at it then are brought to their end.
 *
 * @param upgrade brings one database up and names the revisions that ran; what it throws is a failure.
 * @returns what became of each, in the order in which they were given.
 */
export async function rollout<T>(
  members: readonly T[],
  options: RolloutOptions,
  upgrade: (member: T) => Promise<readonly string[]>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = members.map(() => ({ status: "not-begun" }));
  const numbered = members.map((member, position) => ({ member, position }));
  const waves = dividedIntoWaves(numbered, options.waves);
  let failures = 0;
  const stops = () => failures > options.maxFailures || options.signal.aborted;
  for (const [at, wave] of waves.entries()) {
    if (stops()) break;
    options.onWave(at + 1, waves.length, wave.length);
    const left = wave.values();
    const work = async () => {
      // Every worker takes from the same list.
      for (const { member, position } of left) {
        if (stops()) return;
        const outcome = await settled(() => upgrade(member));
        if (outcome.status === "failed") failures += 1;
        outcomes[position] = outcome;
        options.onEnd(position, outcome);
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.parallel, wave.length) }, work));
  }
  return outcomes;
}

async function settled(upgrade: () => Promise<readonly string[]>): Promise<Outcome> {
  const started = performance.now();
  try {
    const revisions = await upgrade();
    const milliseconds = performance.now() - started;
    return revisions.length === 0
      ? { status: "unchanged", milliseconds }
      : { status: "upgraded", revisions, milliseconds };
  } catch (error) {
    return { status: "failed", error, milliseconds: performance.now() - started };
  }
}
