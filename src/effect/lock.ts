/** PostgreSQL's lock modes of tables, weakest first (manual 13.3.1, "Table-Level Locks"). */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof lockModes)[number];

const ranks: ReadonlyMap<LockMode, number> = new Map(lockModes.map((mode, rank) => [mode, rank]));

/** 0 for the weakest. SHARE and SHARE UPDATE EXCLUSIVE are no steps of one ladder; SHARE counts as the stronger. */
export function rankOf(mode: LockMode): number {
  return ranks.get(mode) ?? 0;
}

export function isAtLeast(mode: LockMode, least: LockMode): boolean {
  return rankOf(mode) >= rankOf(least);
}

export function stronger(a: LockMode, b: LockMode): LockMode {
  return rankOf(a) >= rankOf(b) ? a : b;
}

/** Which modes cannot be held at the same time by two transactions (manual, table 13.2). */
const conflicts: Readonly<Record<LockMode, readonly LockMode[]>> = {
  "ACCESS SHARE": ["ACCESS EXCLUSIVE"],
  "ROW SHARE": ["EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "ROW EXCLUSIVE": ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE UPDATE EXCLUSIVE": [
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  SHARE: ["ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE ROW EXCLUSIVE": [
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  EXCLUSIVE: lockModes.slice(1),
  "ACCESS EXCLUSIVE": lockModes,
};

export function conflictsWith(a: LockMode, b: LockMode): boolean {
  return conflicts[a].includes(b);
}

/** What others cannot do meanwhile: SELECT takes ACCESS SHARE, INSERT, UPDATE and DELETE take ROW EXCLUSIVE. */
export function blocks(mode: LockMode): "reads and writes" | "writes" | "nothing" {
  if (conflictsWith(mode, "ACCESS SHARE")) return "reads and writes";
  return conflictsWith(mode, "ROW EXCLUSIVE") ? "writes" : "nothing";
}
