/** What a revision, or a whole run, has cost beside its time. */
export interface Cost {
  /** Milliseconds that statements waited for locks of others, as far as that was seen. */
  readonly lockWaitMs: number;
  /** How often it gave way to others, and was tried again or given up. */
  readonly gaveWay: number;
  /** Rows that its statements changed and that were not rolled back; `null` where the driver does not say. */
  readonly rowsChanged: number | null;
}

/** Adds costs up: what one of them does not know, the sum does not know either. */
export function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce<Cost>(
    (sum, one) => ({
      lockWaitMs: sum.lockWaitMs + one.lockWaitMs,
      gaveWay: sum.gaveWay + one.gaveWay,
      rowsChanged:
        sum.rowsChanged === null || one.rowsChanged === null ? null : sum.rowsChanged + one.rowsChanged,
    }),
    { lockWaitMs: 0, gaveWay: 0, rowsChanged: 0 },
  );
}

/** Counts what one revision costs, over all its tries. */
export class Tally {
  private lockWaitMs = 0;
  private gaveWay = 0;
  private committed = 0;
  private open = 0;
  private readonly countsRows: boolean;

  constructor(countsRows: boolean) {
    this.countsRows = countsRows;
  }

  get cost(): Cost {
    const { lockWaitMs, gaveWay, committed, open, countsRows } = this;
    return { lockWaitMs, gaveWay, rowsChanged: countsRows ? committed + open : null };
  }

  waited(milliseconds: number): void {
    this.lockWaitMs += milliseconds;
  }

  gives(): void {
    this.gaveWay += 1;
  }

  /** Rows that are changed once the transaction is committed. */
  changed(rows: number): void {
    this.open += rows;
  }

  commit(): void {
    this.committed += this.open;
    this.open = 0;
  }

  rollBack(): void {
    this.open = 0;
  }
}
