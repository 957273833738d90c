import type { Cancelled } from "../dialect/dialect.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import type { Cost } from "./cost.js";

type Direction = "upgrade" | "downgrade";

/** How far a backfill is. */
export interface BackfillProgress {
  /** Rows that it has walked past, those included that needed nothing. */
  readonly passed: number;
  readonly written: number;
  /** Rows of the table, about; `null` where nobody has counted. */
  readonly total: number | null;
  readonly rowsPerSecond: number;
  /** `null` where it is not known. */
  readonly millisecondsLeft: number | null;
}

/** What stopped something. The texts are as they came: whoever passes them on takes passwords out. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
  readonly details: readonly string[];
}

/** A command that changes a database, from its beginning to its end. */
export type CommandEvent =
  | {
      readonly kind: "run-started";
      readonly username: string | null;
      readonly hostname: string;
      readonly commit: string | null;
      readonly toolVersion: string;
    }
  /** `revisions`: how many ran; `cost` is theirs together. */
  | {
      readonly kind: "run-finished";
      readonly milliseconds: number;
      readonly revisions: number;
      readonly cost: Cost;
    }
  | {
      readonly kind: "run-failed";
      readonly milliseconds: number;
      readonly revisions: number;
      readonly cost: Cost;
      readonly failure: Failure;
      /** The part of a deploy that failed, as far as it is known. */
      readonly part: string | null;
    };

/** A part of a deploy. */
export type PartEvent =
  | { readonly kind: "part-started"; readonly part: string }
  | {
      readonly kind: "part-finished";
      readonly part: string;
      readonly milliseconds: number;
      readonly passed: boolean;
    }
  | {
      readonly kind: "backup-made";
      readonly name: string;
      readonly path: string | null;
      readonly bytes: number | null;
      readonly milliseconds: number;
    }
  | {
      readonly kind: "smoke-checked";
      readonly check: string;
      readonly passed: boolean;
      readonly seen: string;
      readonly milliseconds: number;
    }
  /** The deploy's line in its table, and the receipt of it where one was written. */
  | { readonly kind: "recorded"; readonly deploy: number }
  | { readonly kind: "receipt-written"; readonly path: string; readonly sha256: string };

/** One database of a rollout. */
export type DatabaseEvent =
  | { readonly kind: "database-started" }
  | {
      readonly kind: "database-finished";
      readonly status: "upgraded" | "unchanged" | "failed";
      readonly milliseconds: number;
      readonly failure: Failure | null;
    };

/** Others who are in the way. */
export type LockEvent =
  | { readonly kind: "lock-wait"; readonly holder: string }
  /** The right to run on the database, after so long. */
  | { readonly kind: "lock-taken"; readonly milliseconds: number }
  /** A statement waits for a lock, and has for so long; it is told of again now and then, as long as it waits. */
  | {
      readonly kind: "lock-waits";
      readonly revision: Revision;
      readonly milliseconds: number;
      /** Who is in the way, a sentence each. */
      readonly holders: readonly string[];
    }
  /** A statement has waited for a lock, and got it or gave way. */
  | {
      readonly kind: "lock-waited";
      readonly revision: Revision;
      readonly milliseconds: number;
      readonly gaveWay: boolean;
    }
  /** Others were in the way: the revision is rolled back to where it has committed, and tried again after a pause. */
  | {
      readonly kind: "gave-way";
      readonly revision: Revision;
      /** Tries so far. */
      readonly tries: number;
      readonly retries: number;
      readonly milliseconds: number;
      /** Who was in the way, a sentence each; empty where nobody knows. */
      readonly holders: readonly string[];
    }
  /** Queries of others were in the way for longer than they may be. */
  | { readonly kind: "blockers-cancelled"; readonly cancelled: readonly Cancelled[] };

/** A backfill on its way. */
export type BackfillEvent =
  /** `resumed`: an earlier run has written some of it. `by`: in which order the rows are walked through. */
  | {
      readonly kind: "backfill-started";
      readonly revision: Revision;
      readonly op: Op<"backfill">;
      readonly by: string;
      readonly resumed: boolean;
      readonly written: number;
    }
  | { readonly kind: "backfill-progress"; readonly op: Op<"backfill">; readonly progress: BackfillProgress }
  /** It does nothing for a while, or works more slowly, and why; `null`: it goes on. */
  | { readonly kind: "backfill-waits"; readonly revision: Revision; readonly reason: string | null }
  | {
      readonly kind: "backfill-finished";
      readonly revision: Revision;
      readonly op: Op<"backfill">;
      readonly written: number;
      readonly durationMs: number;
    };

/** Revisions and their statements. */
export type RevisionEvent =
  /** Revisions ran here before they were put above others; the version table now says where the database is. */
  | { readonly kind: "settled"; readonly moved: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: "planned"; readonly total: number }
  | {
      readonly kind: "revision-started";
      readonly revision: Revision;
      readonly direction: Direction;
      /** From 1. */
      readonly position: number;
      readonly total: number;
    }
  | { readonly kind: "resumed"; readonly revision: Revision; readonly statementsDone: number }
  /** What the revision has done so far is rolled back, and it starts again with its first op. */
  | { readonly kind: "begun-anew"; readonly revision: Revision }
  | { readonly kind: "op"; readonly revision: Revision; readonly op: Op; readonly description: string }
  /** `position`: of the statement in its revision, from 1; several that count as one have the same. */
  | {
      readonly kind: "statement-started";
      readonly revision: Revision;
      readonly position: number;
      readonly sql: string;
    }
  | {
      readonly kind: "statement-finished";
      readonly revision: Revision;
      readonly position: number;
      readonly sql: string;
      readonly milliseconds: number;
      readonly lockWaitMs: number;
      /** `null` where the driver does not say. */
      readonly rowsChanged: number | null;
    }
  | {
      readonly kind: "revision-finished";
      readonly revision: Revision;
      readonly direction: Direction;
      readonly durationMs: number;
      readonly statements: number;
      readonly cost: Cost;
    }
  | {
      readonly kind: "revision-failed";
      readonly revision: Revision;
      readonly direction: Direction;
      readonly durationMs: number;
      readonly failure: Failure;
      readonly cost: Cost;
    };

/**
 * What a run tells while it works: plain data, for whoever listens (a progress bar, lines of a log, spans, webhooks).
 */
export type RunEvent = CommandEvent | PartEvent | DatabaseEvent | LockEvent | BackfillEvent | RevisionEvent;

export type EventKind = RunEvent["kind"];
export type EventOf<K extends EventKind> = Extract<RunEvent, { readonly kind: K }>;
export type Report = (event: RunEvent) => void;

/** What an error says, as an event has it; one that is no `AludelError` is a bug. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof AludelError)) {
    return { code: "bug", message: messageOf(error), remedy: null, details: [] };
  }
  const { code, message, remedy, details } = error;
  return { code, message, remedy, details };
}
