import { setTimeout as pause } from "node:timers/promises";
import type { WatchSettings } from "../../config/watch-config.js";
import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import { type CheckResult, runSmoke, type SmokeResult, type SmokeSettings } from "./smoke.js";

export interface WatchOptions extends Pick<WatchSettings, "everyMs" | "errors" | "latency"> {
  /** Milliseconds that the checks are repeated for; they run once at least. */
  readonly forMs: number;
  /** Rounds from before the deploy, that these are held against; none is no failures, and any latency. */
  readonly before: readonly SmokeResult[];
}

/** A check before the deploy and after it. */
export interface Trend {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  /** Of those that passed; `null` where none did. */
  readonly medianMs: number | null;
  readonly before: {
    readonly runs: number;
    readonly failures: number;
    readonly medianMs: number | null;
  };
  /** What is worse now, a sentence; `null` where nothing is. */
  readonly worse: string | null;
}

/**
 * How watching ended. `time`: the time was over · `hopeless`: whatever came after, too many would have failed · `interrupted`: by a
 * signal.
 */
export type WatchEnd = "time" | "hopeless" | "interrupted";

/** Plain data, for records. */
export interface WatchResult {
  /** No check is worse than before. */
  readonly passed: boolean;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly ended: WatchEnd;
  readonly trends: readonly Trend[];
}

/** So long at most the checks are repeated before a deploy. */
const longestBeforeMs = 30_000;

/** What the checks say before anything is changed, as often as asked for, unless that takes long. @throws AludelError as `runSmoke`. */
export async function measureBefore(
  settings: SmokeSettings,
  connection: Connection,
  signal: AbortSignal,
  rounds: number,
): Promise<readonly SmokeResult[]> {
  const started = performance.now();
  const found: SmokeResult[] = [];
  while (found.length < rounds && (found.length === 0 || performance.now() - started < longestBeforeMs))
    found.push(await runSmoke(settings, connection, signal));
  return found;
}

/**
 * Repeats the checks for a while, and holds failures and latency against those from before. A signal ends it with what was seen
 * until then.
 *
 * @throws AludelError `connection-lost`.
 */
export async function watchSmoke(
  settings: SmokeSettings,
  connection: Connection,
  signal: AbortSignal,
  report: (result: CheckResult) => void,
  options: WatchOptions,
): Promise<WatchResult> {
  const { forMs, everyMs, before } = options;
  const started = performance.now();
  const expected = Math.max(1, Math.ceil(forMs / Math.max(1, everyMs)));
  const after: SmokeResult[] = [];
  let ended: WatchEnd = "time";
  for (;;) {
    const begun = performance.now();
    const round = await orInterrupted(runSmoke(settings, connection, signal, report));
    if (round !== null) after.push(round);
    const next = begun + everyMs;
    if (signal.aborted) ended = "interrupted";
    else if (next < started + forMs && isHopeless(before, after, expected, options)) ended = "hopeless";
    if (ended !== "time" || next >= started + forMs) break;
    await pause(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) ended = "interrupted";
    if (ended !== "time") break;
  }
  const trends = trendsOf(before, after, options);
  return {
    passed: trends.every(({ worse }) => worse === null),
    rounds: after.length,
    milliseconds: Math.round(performance.now() - started),
    ended,
    trends,
  };
}

/** A round in the middle of which a signal came says nothing. */
async function orInterrupted(round: Promise<SmokeResult>): Promise<SmokeResult | null> {
  try {
    return await round;
  } catch (error) {
    if (error instanceof AludelError && error.code === "interrupted") return null;
    throw error;
  }
}

type Worse = Pick<WatchSettings, "errors" | "latency">;

/** More have failed already than may in all of the rounds. */
function isHopeless(
  before: readonly SmokeResult[],
  after: readonly SmokeResult[],
  expected: number,
  { errors }: Worse,
): boolean {
  const numbers = after[0]?.checks.map((_, at) => at) ?? [];
  return numbers.some((at) => {
    const then = summary(before, at);
    return summary(after, at).failures > Math.max(expected, after.length) * (rateOf(then) + errors);
  });
}

/** The clock is not the same twice. */
const slackMs = 100;

/** What became of each check, in the order of the checks. */
export function trendsOf(
  before: readonly SmokeResult[],
  after: readonly SmokeResult[],
  worse: Worse,
): readonly Trend[] {
  const numbers = after[0]?.checks.map((_, at) => at) ?? [];
  return numbers.map((at) => {
    const now = summary(after, at);
    const then = summary(before, at);
    const name = after[0]?.checks[at]?.name ?? "";
    return { name, ...now, before: then, worse: worseThan(then, now, worse) };
  });
}

function summary(rounds: readonly SmokeResult[], at: number): Trend["before"] {
  const results = rounds.flatMap(({ checks }) => checks[at] ?? []);
  const times = results
    .filter(({ passed }) => passed)
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  return {
    runs: results.length,
    failures: results.length - times.length,
    medianMs: times[Math.floor(times.length / 2)] ?? null,
  };
}

const rateOf = ({ failures, runs }: Trend["before"]) => (runs === 0 ? 0 : failures / runs);

function worseThan(then: Trend["before"], now: Trend["before"], { errors, latency }: Worse): string | null {
  if (rateOf(now) > rateOf(then) + errors) {
    const earlier = then.runs === 0 ? "" : `, before ${then.failures} of ${then.runs}`;
    return `${now.failures} of ${now.runs} failed${earlier}`;
  }
  if (now.medianMs === null || then.medianMs === null) return null;
  if (now.medianMs <= then.medianMs * latency + slackMs) return null;
  return `takes ${now.medianMs} ms, before ${then.medianMs} ms`;
}
