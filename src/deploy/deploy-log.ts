import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { areThere } from "../run/bookkeeping.js";
import { addLaterColumns } from "../run/later-columns.js";
import { unlessMissing } from "../run/missing-table.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { type Counted, countedColumns } from "../run/run-log.js";
import { type Runner, runnerColumns, runnerOf, thisRunner } from "../run/runner.js";
import { type LoggedCost, loggedCost } from "./logged-cost.js";
import type { PlannedRevision } from "./plan.js";

/** The parts of a deploy, in their order. */
export const parts = ["preflight", "backup", "upgrade", "verify", "smoke", "watch", "record"] as const;
export type Part = (typeof parts)[number];

/** Those that can be made alone. */
export type SinglePart = Exclude<Part, "watch" | "record">;

/** What is written down of a deploy. */
export interface DeployRecord {
  readonly environment: string;
  readonly startedAt: Date;
  readonly result: "succeeded" | "failed";
  /** The part that failed. */
  readonly stoppedIn: Part | null;
  readonly error: string | null;
  /** What was applied. */
  readonly revisions: readonly Pick<PlannedRevision["revision"], "id" | "checksum">[];
  readonly planToken: string | null;
  /** Where the backup is; `null` without one. */
  readonly backup: string | null;
  /** What the smoke checks said, when they were made and all passed; `null` otherwise. */
  readonly smoke: unknown;
  readonly counted: Counted;
}

/** The receipt that was written of a deploy. */
export interface LoggedReceipt {
  readonly path: string;
  /** Of the file. */
  readonly sha256: string;
}

/** A line of the table. */
export interface LoggedDeploy extends LoggedCost, Omit<DeployRecord, "startedAt" | "revisions" | "counted"> {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly revisions: readonly { readonly id: string; readonly checksum: string }[];
  /** `null` where none was written. */
  readonly receipt: LoggedReceipt | null;
  readonly runner: Runner;
}

/** Writes a deploy down, and makes the table for it where there is none; gives the number of its line. */
export async function recordDeploy(
  { config, dialect }: Project,
  connection: Connection,
  record: DeployRecord,
): Promise<number> {
  const table = dialect.quoteName(config.deployTable);
  const log = dialect.quoteName(bookkeepingOf(config).runLogTable);
  if (!(await areThere(dialect, connection, [config.deployTable])))
    await connection.run(dialect.deployTableDdl(config.deployTable).join(";\n"));
  const isCounted = await addDeployColumns(dialect, connection, config.deployTable);
  const values: Readonly<Record<string, string | number | null>> = {
    environment: record.environment,
    started_at: record.startedAt.toISOString(),
    finished_at: new Date().toISOString(),
    result: record.result,
    stopped_in: record.stoppedIn,
    error: record.error,
    revisions: JSON.stringify(record.revisions.map(({ id, checksum }) => ({ id, checksum }))),
    ...runnerColumns(thisRunner(config.root)),
    plan_token: record.planToken,
    backup: record.backup,
    smoke: record.smoke === null ? null : JSON.stringify(record.smoke),
    ...(isCounted ? countedColumns(record.counted) : {}),
  };
  const literals = Object.values(values).map((value) => dialect.literal(value));
  await connection.run(
    `INSERT INTO ${table} (${Object.keys(values).join(", ")}, run_log_id) ` +
      `SELECT ${literals.join(", ")}, coalesce((SELECT max(id) FROM ${log}), 0)`,
  );
  const [row] = await connection.query(`SELECT max(id) AS id FROM ${table}`);
  return Number(row?.["id"]);
}

function addDeployColumns(
  dialect: Dialect,
  connection: Connection,
  table: Project["config"]["deployTable"],
): Promise<boolean> {
  return addLaterColumns(dialect, connection, table, dialect.laterColumns.deploy);
}

/** Writes down which receipt was written of a deploy; a table of an earlier version that stays as it is has no place for it. */
export async function recordReceipt(
  { config, dialect }: Project,
  connection: Connection,
  deploy: number,
  receipt: LoggedReceipt,
): Promise<void> {
  if (!(await addDeployColumns(dialect, connection, config.deployTable))) return;
  const table = dialect.quoteName(config.deployTable);
  const written = dialect.literal(JSON.stringify(receipt));
  await connection.run(`UPDATE ${table} SET receipt = ${written} WHERE id = ${dialect.literal(deploy)}`);
}

/** What was deployed to a database, newest first; nothing where the table is not there. */
export async function readDeploys(
  { config, dialect }: Project,
  connection: Connection,
): Promise<readonly LoggedDeploy[]> {
  const sql = `SELECT * FROM ${dialect.quoteName(config.deployTable)} ORDER BY id DESC`;
  const rows = await unlessMissing(dialect, [], () => connection.query(sql));
  return rows.map((row) => {
    const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]));
    const time = (name: string) => {
      const value = row[name];
      return value instanceof Date ? value.toISOString() : String(value);
    };
    const [smoke, receipt] = [text("smoke"), text("receipt")];
    return {
      id: Number(row["id"]),
      environment: String(row["environment"]),
      startedAt: time("started_at"),
      finishedAt: time("finished_at"),
      result: row["result"] === "succeeded" ? "succeeded" : "failed",
      stoppedIn: parts.find((part) => part === row["stopped_in"]) ?? null,
      error: text("error"),
      revisions: JSON.parse(String(row["revisions"])) as LoggedDeploy["revisions"],
      planToken: text("plan_token"),
      backup: text("backup"),
      smoke: smoke === null ? null : (JSON.parse(smoke) as unknown),
      ...loggedCost(row),
      receipt: receipt === null ? null : (JSON.parse(receipt) as LoggedReceipt),
      runner: runnerOf(row),
    };
  });
}

/**
 * The checksums of the revisions that a database has and that were there when a deploy's smoke checks passed. What was run again
 * with another text since then was not looked at.
 */
export async function provenRevisions(
  { config, dialect }: Project,
  connection: Connection,
): Promise<ReadonlyMap<string, string>> {
  const table = dialect.quoteName(config.deployTable);
  const log = dialect.quoteName(bookkeepingOf(config).runLogTable);
  const [last] = await unlessMissing(dialect, [], () =>
    connection.query(
      `SELECT max(run_log_id) AS upto FROM ${table} WHERE result = 'succeeded' AND smoke IS NOT NULL`,
    ),
  );
  const upTo = Number(last?.["upto"] ?? 0);
  const proven = new Map<string, string>();
  if (upTo === 0) return proven;
  const rows = await connection.query(
    `SELECT id, revision, direction, checksum FROM ${log} WHERE result = 'succeeded' AND direction <> 'stamp' ORDER BY id`,
  );
  for (const row of rows) {
    const [revision, checksum] = [String(row["revision"]), String(row["checksum"])];
    if (row["direction"] === "downgrade") proven.delete(revision);
    else if (Number(row["id"]) <= upTo) proven.set(revision, checksum);
    else if (proven.get(revision) !== checksum) proven.delete(revision);
  }
  return proven;
}
