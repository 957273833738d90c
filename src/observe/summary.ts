import type { Cost } from "../run/cost.js";
import type { EventOf, Failure } from "../run/event.js";
import type { Listener, Moment } from "./moment.js";

/** A revision that ran. */
export interface RanRevision {
  readonly revision: string;
  readonly message: string;
  readonly direction: "upgrade" | "downgrade";
  readonly milliseconds: number;
}

/** As many are named; of a rollout over thousands of databases there are more. */
const mostNamed = 100;

/** What a run has done so far. */
export class Summary implements Listener {
  /** How many revisions have run. */
  revisions = 0;
  /** The first of them. */
  readonly ran: RanRevision[] = [];
  /** How many there are to run, as far as it is known. */
  planned = 0;
  backup: string | null = null;
  smoke: { passed: boolean; checks: number } | null = null;
  receipt: string | null = null;
  deploy: number | null = null;
  databases: { upgraded: number; unchanged: number; failed: number } | null = null;
  failure: Failure | null = null;
  /** The part of a deploy that failed. */
  failedPart: string | null = null;
  /** The databases that another runner is at. */
  private readonly waiting = new Set<string | null>();
  private lockWaitMs = 0;
  private gaveWay = 0;
  private rowsChanged: number | null = 0;

  get cost(): Cost {
    const { lockWaitMs, gaveWay, rowsChanged } = this;
    return { lockWaitMs, gaveWay, rowsChanged };
  }

  hear({ event, member }: Moment): void {
    switch (event.kind) {
      case "lock-wait":
        this.waiting.add(member);
        return;
      case "planned":
        this.planned += event.total;
        return;
      case "lock-taken":
        // Where nobody was in the way, it is the time of the question alone.
        if (this.waiting.delete(member)) this.lockWaitMs += event.milliseconds;
        return;
      case "lock-waited":
        this.lockWaitMs += event.milliseconds;
        this.gaveWay += event.gaveWay ? 1 : 0;
        return;
      case "revision-finished":
        this.finished(event);
        return;
      case "revision-failed":
        this.count(event.cost);
        return;
      case "part-finished":
        if (!event.passed) this.failedPart = event.part;
        return;
      case "backup-made":
        this.backup = event.path ?? event.name;
        return;
      case "smoke-checked":
        this.smoke = {
          passed: (this.smoke?.passed ?? true) && event.passed,
          checks: (this.smoke?.checks ?? 0) + 1,
        };
        return;
      case "receipt-written":
        this.receipt = event.path;
        return;
      case "recorded":
        this.deploy = event.deploy;
        return;
      case "database-finished":
        this.databases ??= { upgraded: 0, unchanged: 0, failed: 0 };
        this.databases[event.status] += 1;
        return;
      case "run-failed":
        this.failure = event.failure;
        return;
      default:
        return;
    }
  }

  async end(): Promise<readonly string[]> {
    return [];
  }

  private finished({ revision, direction, durationMs, cost }: EventOf<"revision-finished">): void {
    this.revisions += 1;
    this.count(cost);
    if (this.ran.length >= mostNamed) return;
    const { id, message } = revision;
    this.ran.push({ revision: id, message, direction, milliseconds: Math.round(durationMs) });
  }

  private count({ rowsChanged }: Cost): void {
    this.rowsChanged =
      this.rowsChanged === null || rowsChanged === null ? null : this.rowsChanged + rowsChanged;
  }
}
