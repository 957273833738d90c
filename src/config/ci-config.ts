/** How many revisions a change may bring. */
export const revisionCounts = ["any", "at-most-one", "exactly-one"] as const;
export type RevisionCount = (typeof revisionCounts)[number];

/** A difference between models and database that is known. */
export interface AllowedDrift {
  /** What the line of the difference has in it: `column users.legacy`. */
  readonly match: string;
  readonly reason: string;
}

/** What `aludel ci` is configured with, complete. */
export interface CiConfig {
  /** `at-most-one`: of the graph, in one change; `exactly-one`: also at least one where the models have changed. */
  readonly revisions: RevisionCount;
  /** Days that an exception of the guard may be ahead; 30 at most. */
  readonly exceptionDays: number;
  readonly allowedDrift: readonly AllowedDrift[];
  /** Seconds that the revisions of a change may take on the scratch database; `null` for as long as they take. */
  readonly maxSeconds: number | null;
}

export const ciDefaults: CiConfig = {
  revisions: "any",
  exceptionDays: 30,
  allowedDrift: [],
  maxSeconds: null,
};
