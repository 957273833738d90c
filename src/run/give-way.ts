import { setTimeout as pause } from "node:timers/promises";
import type { Timeouts } from "../config/environment-settings.js";
import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { Report } from "./event.js";
import { SeenWaits } from "./seen-waits.js";

/** How long a run waits for others, and how it finds out who they are. */
export interface Patience {
  readonly timeouts: Timeouts;
  /** Opens another session on the same database, to ask who is in the way; `null` where nobody can be asked. */
  readonly openBeside: (() => Promise<Connection>) | null;
  /** It is known that the session has a process of the server of its own, and not asked. */
  readonly ownProcess?: boolean;
  /** Milliseconds after which somebody wants to know who is in the way of a statement that still waits; absent: nobody does. */
  readonly slowLockMs?: number | null | undefined;
}

/** Of who waits as long as the server lets it. */
export const patient: Patience = {
  timeouts: { lockMs: null, statementMs: null, retries: 0, backfillShare: 1, cancelBlockersMs: null },
  openBeside: null,
};

/** Is told how long a statement has waited, and who is in its way. */
export type Tell = (milliseconds: number, holders: readonly string[]) => void;

const silent: Tell = () => undefined;

/** Milliseconds between two questions after who is in the way of one statement. */
const shortestAskMs = 500;
const longestAskMs = 5000;

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Milliseconds until the next try, the `tries`-th having failed: longer each time, so that traffic that queued up behind
 * the last one flows, and never the same for two runners.
 */
export function pauseAfter(tries: number): number {
  const grown = Math.min(firstPauseMs * 1.5 ** (tries - 1), longestPauseMs);
  return Math.round(grown * (0.75 + Math.random() / 2));
}

/** Waits; a signal ends it early. */
export async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}

/**
 * The waiting of one run: how long its statements wait for locks, and who holds these. Those who hold one are asked for
 * while the statement still waits, for afterwards nobody knows.
 */
export class Waits {
  readonly timeouts: Timeouts;
  /** Who was in the way of the statement that waited last. */
  holders: readonly string[] = [];
  private readonly connection: Connection;
  private readonly dialect: Dialect;
  private readonly openBeside: Patience["openBeside"];
  private readonly slowLockMs: number;
  private readonly report: Report;
  private session: string | null = null;
  private beside: Connection | null = null;

  constructor(
    connection: Connection,
    dialect: Dialect,
    { timeouts, openBeside, slowLockMs }: Patience,
    report: Report = () => undefined,
  ) {
    this.report = report;
    this.connection = connection;
    this.dialect = dialect;
    this.timeouts = timeouts;
    this.openBeside = openBeside;
    this.slowLockMs = slowLockMs ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the limits of the session. */
  async begin(): Promise<void> {
    const { lockMs, statementMs } = this.timeouts;
    await this.set(lockMs, statementMs);
    if ((lockMs === null && !Number.isFinite(this.slowLockMs)) || this.openBeside === null) return;
    const { holders } = this.dialect.waiting;
    if (holders !== undefined) this.session = await holders.session(this.connection);
  }

  /** Closes the session beside. */
  async end(): Promise<void> {
    await this.beside?.close().catch(() => undefined);
  }

  /**
   * Runs a statement that cannot be taken back, and that keeps nobody waiting while it waits itself (CREATE INDEX
   * CONCURRENTLY): cut off in the middle it would leave something invalid behind.
   *
   * @returns how long it waited, as `watched`.
   */
  async unlimited(run: () => Promise<void>, tell: Tell = silent): Promise<number> {
    const { lockMs, statementMs } = this.timeouts;
    await this.set(lockMs === null ? null : 0, statementMs === null ? null : 0);
    try {
      const firstMs = Math.min(this.slowLockMs, lockMs ?? Number.POSITIVE_INFINITY);
      // It keeps nobody waiting, and can wait itself.
      return await this.watch(run, { firstMs, mayCancel: false }, tell);
    } finally {
      await this.set(lockMs, statementMs).catch(() => undefined);
    }
  }

  /**
   * Runs a statement, and asks who is in its way when it has waited for the better part of the time that it may.
   *
   * @returns milliseconds that it waited for locks, as far as that was seen; 0 of one that was not asked about.
   */
  watched(run: () => Promise<void>, tell: Tell = silent): Promise<number> {
    const { lockMs } = this.timeouts;
    const firstMs = lockMs === null ? Number.POSITIVE_INFINITY : lockMs * 0.6;
    return this.watch(run, { firstMs: Math.min(this.slowLockMs, firstMs), mayCancel: true }, tell);
  }

  private async watch(
    run: () => Promise<void>,
    { firstMs, mayCancel }: { readonly firstMs: number; readonly mayCancel: boolean },
    tell: Tell,
  ): Promise<number> {
    if (this.session === null || !Number.isFinite(firstMs)) {
      await run();
      return 0;
    }
    const seen = new SeenWaits();
    let asking: Promise<void> = Promise.resolve();
    let timer: NodeJS.Timeout | undefined;
    const askAfter = (milliseconds: number, next: number) => {
      if (seen.ended) return;
      timer = setTimeout(() => {
        asking = this.ask(seen, tell, mayCancel)
          .catch(() => undefined)
          .then(() => askAfter(next, Math.min(next * 1.5, longestAskMs)));
      }, milliseconds);
    };
    askAfter(firstMs, shortestAskMs);
    try {
      await run();
    } finally {
      seen.end();
      clearTimeout(timer);
      await asking;
    }
    return seen.milliseconds;
  }

  private async ask(seen: SeenWaits, tell: Tell, mayCancel: boolean): Promise<void> {
    const { holders } = this.dialect.waiting;
    if (holders === undefined || this.session === null || this.openBeside === null) return;
    this.beside ??= await this.openBeside();
    const found = await holders.ask(this.beside, this.session);
    if (found.length > 0 || !seen.ended) this.holders = found;
    if (seen.ended) return;
    seen.look(found.length > 0);
    if (found.length > 0) tell(seen.milliseconds, found);
    if (mayCancel && found.length > 0) await this.cancel(this.beside, this.session);
  }

  /** Cancels what is in the way, where an environment says that this may be. */
  private async cancel(beside: Connection, session: string): Promise<void> {
    const { cancelBlockersMs } = this.timeouts;
    if (cancelBlockersMs === null) return;
    const cancelled = (await this.dialect.waiting.holders?.cancel?.(beside, session, cancelBlockersMs)) ?? [];
    if (cancelled.length > 0) this.report({ kind: "blockers-cancelled", cancelled });
  }

  private async set(lockMs: number | null, statementMs: number | null): Promise<void> {
    const script = this.dialect.waiting.settings({ lockMs, statementMs });
    if (script !== "") await this.connection.run(script);
  }
}

/** The error of a revision that gave way as often as it may. */
export function gaveUp(error: AludelError, waits: Waits, tries: number): AludelError {
  const who = waits.holders.map((holder) => `In the way: ${holder}.`);
  const times = tries === 1 ? "once" : `${tries} times`;
  return new AludelError(error.code, error.message, {
    where: error.where,
    cause: error.cause,
    details: [...error.details, `It was tried ${times}, and gave way each time.`, ...who],
    data: { ...error.data, tries, holders: waits.holders },
    remedy:
      who.length === 0
        ? "Run it again when there is less traffic."
        : "End what is in the way, or wait until it has ended, and run it again.",
  });
}
