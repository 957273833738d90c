import type { Row } from "../dialect/connection.js";

/** What a run has cost, as a table of Aludel's own has it; `null` where it was not counted. */
export interface LoggedCost {
  readonly run: string | null;
  readonly lockWaitMs: number | null;
  readonly gaveWay: number | null;
  readonly rowsChanged: number | null;
}

export function loggedCost(row: Row): LoggedCost {
  const number = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  const run = row["run_id"];
  return {
    run: run === null || run === undefined ? null : String(run),
    lockWaitMs: number("lock_wait_ms"),
    gaveWay: number("gave_way"),
    rowsChanged: number("rows_changed"),
  };
}
