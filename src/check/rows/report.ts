import type { Unfilled } from "./fill.js";

/** Values that are not there after the way back, because the revision says so. */
export interface Lost {
  readonly table: string;
  /** `null` when whole rows are. */
  readonly column: string | null;
  /** In how many rows of the proof. */
  readonly rows: number;
  /** What says so: an op, or the directive `aludel:loses`. */
  readonly because: string;
}

/** What a proof says about rows. */
export interface RowReport {
  readonly rows: number;
  readonly tables: number;
  readonly lost: readonly Lost[];
  /** What is no failure, but should be known: where it fails with some rows, what SQL text changes for good. */
  readonly findings: readonly string[];
  /** Those of them that tell that the upgrade fails with some rows, and not because it asked for others itself. */
  readonly refused: readonly string[];
  /** Tables that no row could be put into. */
  readonly unfilled: readonly Unfilled[];
}

/** `the values of persons.email in 3 rows (drop column persons.email)` */
export function showLost({ table, column, rows, because }: Lost): string {
  const count = `${rows} ${rows === 1 ? "row" : "rows"}`;
  const what = column === null ? `${count} of ${table}` : `the values of ${table}.${column} in ${count}`;
  return `${what} (${because})`;
}
