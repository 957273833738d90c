import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";

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

/** What a run tells while it works, for a progress bar, plain lines or JSON lines. */
export type RunEvent =
  | { readonly kind: "lock-wait"; readonly holder: string }
  /** Revisions ran here before they were put above others; the version table now says where the database is. */
  | { readonly kind: "settled"; readonly moved: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: "planned"; readonly total: number }
  | {
      readonly kind: "revision-started";
      readonly revision: Revision;
      readonly direction: "upgrade" | "downgrade";
      /** From 1. */
      readonly position: number;
      readonly total: number;
    }
  | { readonly kind: "resumed"; readonly revision: Revision; readonly statementsDone: number }
  /** What the revision has done so far is rolled back, and it starts again with its first op. */
  | { readonly kind: "begun-anew"; readonly revision: Revision }
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
  | { readonly kind: "op"; readonly revision: Revision; readonly op: Op; readonly description: string }
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
    }
  | {
      readonly kind: "revision-finished";
      readonly revision: Revision;
      readonly direction: "upgrade" | "downgrade";
      readonly durationMs: number;
      readonly statements: number;
    };

export type Report = (event: RunEvent) => void;
