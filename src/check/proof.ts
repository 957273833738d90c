import type { Tell } from "../schema/contradiction.js";
import type { Schema } from "../schema/schema.js";
import type { Silence } from "./adopt.js";
import type { RowReport } from "./rows/report.js";

export type ProofPart =
  | "history"
  | "upgrade"
  | "run again"
  | "run again equal"
  | "models equal"
  | "downgrade"
  | "start equal"
  | "upgrade again"
  | "same again"
  | "rows kept";

/** One part of a proof: it held, it did not (with what differs), or it could not be asked. */
export interface ProofStep {
  readonly part: ProofPart;
  readonly result: "held" | "failed" | "skipped";
  /** Why it failed or was skipped, line by line. */
  readonly lines: readonly string[];
  /** The SQL that the database refused. */
  readonly statement?: string;
  /** What to do about what the database said. */
  readonly remedy?: string;
}

export interface Proof {
  readonly revision: string;
  readonly holds: boolean;
  readonly steps: readonly ProofStep[];
  /** `null` when it was made without rows, or failed before them. */
  readonly rows: RowReport | null;
  /** The scratch database it ran on. */
  readonly scratch: string;
  readonly durationMs: number;
}

/** The models to hold the upgraded schema against; without them that part is skipped. */
export interface Wanted {
  readonly schema: Schema;
  readonly unsaid: Silence;
  /** The findings as sentences, with their places in the models. */
  readonly tell?: Tell;
}
