import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { waitFor } from "../give-way.js";

/** Milliseconds between two questions after what else goes on. */
const askEveryMs = 2000;
/** Seconds that a replica may be behind. */
const lagSeconds = 10;
const waitMs = 1000;

/** The most rows of a part, unless the backfill says fewer. */
export const mostRows = 100_000;
/** The same where a function is given them. */
export const mostComputed = 10_000;
/** Rows of the first part, before anything is known of how long they take. */
export const firstRows = 1000;

/** Rows of the next part, after one of so many took so long: towards the time that a part is to take, by steps. */
export function nextSize(rows: number, tookMs: number, partMs: number, most: number): number {
  const ideal = rows * (partMs / Math.max(tookMs, 0.1));
  return Math.max(1, Math.min(most, Math.round(Math.min(rows * 2, Math.max(rows / 2, ideal)))));
}

/**
 * Milliseconds that the table is left alone after a part that took so long, so that the backfill works `share` of the time.
 */
export function restAfter(tookMs: number, share: number): number {
  return (tookMs * (1 - share)) / share;
}

/** Leaves others their time: looks now and then what else goes on, and waits where a backfill would make it worse. */
export class Throttle {
  private askedAt = 0;
  private slow = false;
  private told: string | null = null;
  private readonly connection: Connection;
  private readonly dialect: Dialect;
  private readonly signal: AbortSignal;
  private readonly share: number;
  private readonly tell: (reason: string | null) => void;

  constructor(
    connection: Connection,
    dialect: Dialect,
    signal: AbortSignal,
    share: number,
    tell: (reason: string | null) => void,
  ) {
    this.connection = connection;
    this.dialect = dialect;
    this.signal = signal;
    this.share = share;
    this.tell = tell;
  }

  /** Between two parts, of which the last took so long. */
  async rest(tookMs: number): Promise<void> {
    await this.look();
    // While somebody keeps old rows from being cleared away, only half as many are made.
    const share = this.slow ? this.share / 2 : this.share;
    const rest = Math.max(this.dialect.backfilling.pace.restMs, restAfter(tookMs, share));
    if (rest > 0) await waitFor(rest, this.signal);
  }

  /** A part could not be done because of others. */
  busy(reason: string): void {
    this.say(reason);
  }

  private async look(): Promise<void> {
    const { activity } = this.dialect;
    if (activity === undefined || performance.now() - this.askedAt < askEveryMs) return;
    for (;;) {
      const { replicas, openTransactions } = await activity(this.connection);
      this.askedAt = performance.now();
      const behind = replicas.find(({ seconds }) => seconds !== null && seconds > lagSeconds);
      const [longest] = openTransactions;
      this.slow = longest !== undefined;
      if (behind === undefined) {
        this.say(
          longest === undefined ? null : `at half its speed, because of a long transaction: ${longest}`,
        );
        return;
      }
      const seconds = Math.round(behind.seconds ?? 0);
      this.say(`the replica ${behind.name} is ${seconds} s behind`);
      if (this.signal.aborted) return;
      await waitFor(waitMs, this.signal);
    }
  }

  private say(reason: string | null): void {
    // The words of a reason change all the time; that there is one is what is told.
    if ((reason === null) === (this.told === null)) return;
    this.told = reason;
    this.tell(reason);
  }
}
