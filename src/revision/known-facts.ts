/** What a revision file says of itself beside its header, found out without running it. */
export interface RevisionFacts {
  readonly upgrade: "present" | "missing";
  /** `refused`: with a reason · `unexplained`: without one. */
  readonly downgrade: "present" | "refused" | "unexplained" | "missing";
  /** Fields of the comment at the top that say something else than the code. */
  readonly contradictions: readonly Contradiction[];
  /** Properties that the revision has twice, of which only the last counts. */
  readonly repeated: readonly string[];
}

/** What nearly every file says: both ways are there, and nothing stands against anything. */
export const ordinaryFacts: RevisionFacts = {
  upgrade: "present",
  downgrade: "present",
  contradictions: [],
  repeated: [],
};

export function areOrdinary({ upgrade, downgrade, contradictions, repeated }: RevisionFacts): boolean {
  return (
    upgrade === "present" && downgrade === "present" && contradictions.length === 0 && repeated.length === 0
  );
}

export interface Contradiction {
  readonly field: "Revision" | "Revises" | "Depends-On" | "Labels";
  readonly comment: string;
  readonly code: string;
}
