/** What shape the revisions may have. */
export const historyPolicies = ["graph", "linear"] as const;
export type HistoryPolicy = (typeof historyPolicies)[number];

/** How many revisions a change may bring. */
export const revisionCounts = ["any", "at-most-one", "exactly-one"] as const;
export type RevisionCount = (typeof revisionCounts)[number];

/** What revisions are tried on: an empty database, one at the base with rows, both of them, or one from a dump. */
export const smokeModes = ["fresh", "upgrade-from-previous", "both", "from-dump"] as const;
export type SmokeMode = (typeof smokeModes)[number];
