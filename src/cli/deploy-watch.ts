import { setTimeout as pause } from "node:timers/promises";
import { watchFailed } from "../deploy/due.js";
import type { SmokeResult, SmokeSettings } from "../deploy/smoke/smoke.js";
import { measureBefore, type WatchEnd, type WatchResult, watchSmoke } from "../deploy/smoke/watch.js";
import type { Context } from "./context.js";
import { partText, smokeText, trendText } from "./print/deploy.js";
import { count, showDuration } from "./print/progress.js";

/** What the smoke checks of the chosen environment need. */
export async function smokeSettings(context: Context): Promise<SmokeSettings> {
  const [{ smoke: checks }, { root }] = [await context.environment(), await context.config()];
  return { checks, dialect: await context.dialect(), root, variables: context.variables };
}

/** Milliseconds in which what a signal cancels is cancelled. */
const cancelMs = 200;

const fewestRounds = 10;

const ends: Readonly<Record<WatchEnd, string>> = {
  time: "",
  hopeless: "; too many failed to go on",
  interrupted: "; a signal ended it, and nothing was undone",
};

/** The smoke checks before a deploy and for a while after it; nothing where nobody watches. */
export class DeployWatch {
  private readonly context: Context;
  private readonly forMs: number | null;
  private rounds: readonly SmokeResult[] = [];

  constructor(context: Context, forMs: number | null) {
    this.context = context;
    this.forMs = forMs;
  }

  async before(): Promise<void> {
    const { context, forMs } = this;
    if (forMs === null) return;
    const { watch } = await context.environment();
    const { out, signal } = context;
    out.status("making the smoke checks as they are before");
    const connection = await context.connect();
    this.rounds = await measureBefore(await smokeSettings(context), connection, signal, watch.before);
    out.status(null);
    const failed = this.rounds.filter(({ passed }) => !passed).length;
    const told = failed === 0 ? "all passed" : `${failed} with a check that failed`;
    out.text(partText(out, "watch", `before: ${count(this.rounds.length, "round")}, ${told}`));
  }

  /** @throws AludelError `watch-failed`. */
  async after(): Promise<WatchResult | null> {
    const { context, forMs } = this;
    if (forMs === null) return null;
    const { out, signal } = context;
    const { name, watch } = await context.environment();
    // However short the time is, one answer is no trend.
    const everyMs = Math.min(watch.everyMs, Math.ceil(forMs / fewestRounds));
    const every = showDuration(everyMs);
    out.text(
      partText(
        out,
        "watch",
        `for ${showDuration(forMs)}, every ${every}; Ctrl+C ends it, and undoes nothing`,
      ),
    );
    const connection = await context.connect();
    const settings = await smokeSettings(context);
    const options = { ...watch, everyMs, forMs, before: this.rounds };
    const report = (check: SmokeResult["checks"][number]) => {
      if (!check.passed) out.text(smokeText(out, check));
    };
    const result = await watchSmoke(settings, connection, signal, report, options);
    for (const trend of result.trends) out.text(trendText(out, trend));
    const took = showDuration(result.milliseconds);
    out.text(partText(out, "watch", `${count(result.rounds, "round")} in ${took}${ends[result.ended]}`));
    if (result.ended === "interrupted") {
      // What the signal cancels may be the next statement.
      await pause(cancelMs);
      await connection.query("SELECT 1").catch(() => undefined);
    } else if (!result.passed) throw watchFailed(name, result);
    return result;
  }
}
