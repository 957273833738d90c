import type { Connection, Row } from "../dialect/connection.js";
import { unlessMissing } from "../run/missing-table.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { type Runner, runnerOf } from "../run/runner.js";
import { type LoggedCost, loggedCost } from "./logged-cost.js";

/** One line of the run log, as it tells of itself. */
export interface RunLine extends LoggedCost {
  readonly revision: string;
  readonly direction: string;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly result: string;
  readonly error: string | null;
  readonly runner: Runner;
}

/** What ran on a database, newest first; nothing where there is no run log. */
export async function readRuns(
  { config, dialect }: Project,
  connection: Connection,
): Promise<readonly RunLine[]> {
  const sql = `SELECT * FROM ${dialect.quoteName(bookkeepingOf(config).runLogTable)} ORDER BY id DESC`;
  return (await unlessMissing(dialect, [], () => connection.query(sql))).map(lineOf);
}

function lineOf(row: Row): RunLine {
  const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]));
  const started = row["started_at"];
  return {
    revision: String(row["revision"]),
    direction: String(row["direction"]),
    startedAt: started instanceof Date ? started.toISOString() : String(started),
    durationMs: row["duration_ms"] === null ? null : Number(row["duration_ms"]),
    result: String(row["result"]),
    error: text("error"),
    ...loggedCost(row),
    runner: runnerOf(row),
  };
}
