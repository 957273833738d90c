import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import { type CheckResult, runSmoke, type SmokeResult, type SmokeSettings } from "./smoke.js";

export interface WatchOptions {
  /** Milliseconds that the checks are repeated for; they run once at least. */
  readonly forMs: number;
  /** Milliseconds from the beginning of one round to that of the next. */
  readonly everyMs: number;
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

/** Plain data, for records. */
export interface WatchResult {
  /** No check is worse than before. */
  readonly passed: boolean;
  readonly rounds: number;
  readonly trends: readonly Trend[];
}

/**
 * Repeats the checks for a while, and holds failures and latency against those from before.
 *
 * @throws AludelError as `runSmoke`.
 */
export async function watchSmoke(
  settings: SmokeSettings,
  connection: Connection,
  signal: AbortSignal,
  report: (result: CheckResult) => void,
  { forMs, everyMs, before }: WatchOptions,
): Promise<WatchResult> {
  const end = performance.now() + forMs;
  const after: SmokeResult[] = [];
  for (;;) {
    const begun = performance.now();
    after.push(await runSmoke(settings, connection, signal, report));
    const next = begun + everyMs;
    if (next >= end) break;
    await pause(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => {
      throw new AludelError("interrupted", "Watching was interrupted", {
        remedy: "Run `aludel smoke-test` to ask once more.",
      });
    });
  }
  const trends = trendsOf(before, after);
  return { passed: trends.every(({ worse }) => worse === null), rounds: after.length, trends };
}

/** A median may be this much above the one before, for the clock is not the same twice. */
const factor = 2;
const slackMs = 100;

/** What became of each check, in the order of the checks. */
export function trendsOf(before: readonly SmokeResult[], after: readonly SmokeResult[]): readonly Trend[] {
  const numbers = after[0]?.checks.map((_, at) => at) ?? [];
  return numbers.map((at) => {
    const now = summary(after, at);
    const then = summary(before, at);
    const name = after[0]?.checks[at]?.name ?? "";
    return { name, ...now, before: then, worse: worseThan(then, now) };
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

function worseThan(then: Trend["before"], now: Trend["before"]): string | null {
  const rate = ({ failures, runs }: Trend["before"]) => (runs === 0 ? 0 : failures / runs);
  if (rate(now) > rate(then)) {
    const earlier = then.runs === 0 ? "" : `, before ${then.failures} of ${then.runs}`;
    return `${now.failures} of ${now.runs} failed${earlier}`;
  }
  if (now.medianMs === null || then.medianMs === null) return null;
  if (now.medianMs <= then.medianMs * factor + slackMs) return null;
  return `takes ${now.medianMs} ms, before ${then.medianMs} ms`;
}
