import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { unlessMissing } from "../run/missing-table.js";
import type { ObjectName } from "../schema/name.js";
import type { Seed } from "./read-seeds.js";

/** That a seed ran in a database. */
export interface SeedRecord {
  readonly checksum: string;
  readonly seededAt: string;
  /** The newest line of the run log at that time; 0 where there was none. */
  readonly runLogId: number;
}

/** What is recorded in a database, by name; nothing where the table is not there. */
export async function readRecords(
  connection: Connection,
  dialect: Dialect,
  table: ObjectName,
): Promise<ReadonlyMap<string, SeedRecord>> {
  const sql = `SELECT name, checksum, seeded_at, run_log_id FROM ${dialect.quoteName(table)}`;
  const rows = await unlessMissing(dialect, [], () => connection.query(sql));
  return new Map(
    rows.map((row) => {
      const at = row["seeded_at"];
      const seededAt = at instanceof Date ? at.toISOString() : String(at);
      const runLogId = Number(row["run_log_id"]);
      return [String(row["name"]), { checksum: String(row["checksum"]), seededAt, runLogId }];
    }),
  );
}

/** Writes down that a seed ran, in the transaction that it ran in. */
export async function writeRecord(
  connection: Connection,
  dialect: Dialect,
  table: ObjectName,
  seed: Seed,
  runLogId: number,
): Promise<void> {
  const values = [seed.name, seed.checksum, new Date().toISOString(), runLogId];
  const places = values.map((_, at) => dialect.placeholder(at + 1)).join(", ");
  await connection.query(
    `INSERT INTO ${dialect.quoteName(table)} (name, checksum, seeded_at, run_log_id) VALUES (${places}) ` +
      "ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, seeded_at = excluded.seeded_at, " +
      "run_log_id = excluded.run_log_id",
    values,
  );
}

/** Lines of a run log; 0 where there is none. */
export interface LogLines {
  readonly newest: number;
  /** The newest that tells of something being taken back. */
  readonly takenBack: number;
}

/** How far the run log has come. */
export async function readLogLines(
  connection: Connection,
  dialect: Dialect,
  runLogTable: ObjectName,
): Promise<LogLines> {
  const done = "direction = 'downgrade' AND (result = 'succeeded' OR statements_done > 0)";
  const sql = `SELECT max(id) AS newest, max(CASE WHEN ${done} THEN id END) AS taken_back FROM ${dialect.quoteName(runLogTable)}`;
  const [row] = await unlessMissing(dialect, [], () => connection.query(sql));
  return { newest: Number(row?.["newest"] ?? 0), takenBack: Number(row?.["taken_back"] ?? 0) };
}
