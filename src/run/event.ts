import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";

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
  | { readonly kind: "op"; readonly revision: Revision; readonly op: Op; readonly description: string }
  | {
      readonly kind: "revision-finished";
      readonly revision: Revision;
      readonly direction: "upgrade" | "downgrade";
      readonly durationMs: number;
      readonly statements: number;
    };

export type Report = (event: RunEvent) => void;
