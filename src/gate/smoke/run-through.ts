import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import { readDatabaseState } from "../../run/database-state.js";
import { type MigrateOptions, migrate } from "../../run/migrate.js";
import type { Project } from "../../run/project.js";
import { errorFinding, type Gate, type GateFinding } from "../check.js";
import type { SmokePart } from "./part.js";
import type { RevisionTime } from "./revision-time.js";
import { seedTwice } from "./seed-twice.js";

export interface RunThroughOptions {
  readonly mode: "fresh" | "from-dump";
  /** How the database was made. */
  readonly description: string;
  /** Take the last revision back, and run it again. */
  readonly downgrade: boolean;
  readonly allowEdited: boolean;
  /** Run the seeds, twice. */
  readonly seeds: boolean;
}

/**
 * Runs what a database does not have, as an upgrade of one in use does; then one back and up again; then the seeds.
 * @throws AludelError for what is no answer about a revision or a seed.
 */
export async function runThrough(
  { project, signal }: Pick<Gate, "project" | "signal">,
  connection: Connection,
  options: RunThroughOptions,
): Promise<SmokePart> {
  const findings: GateFinding[] = [];
  const times: RevisionTime[] = [];
  const done: string[] = [];
  const from = (await readDatabaseState(project, connection)).rows;
  const run = migrator(project, connection, signal, options, times);
  const upgrade = () => run("upgrade", ["heads"]);
  const refusal = await refused(upgrade);
  done.push(
    `${options.description}${from.length === 0 ? "" : `, at ${from.join(", ")}`}: ${counted(times.length)}`,
  );
  if (refusal !== null) findings.push(refusal);
  if (refusal === null && options.downgrade) {
    const way = await backAndUp(project, connection, run);
    if (way !== null) findings.push(way);
    else done.push("one back and up again");
  }
  if (options.seeds && findings.every(({ severity }) => severity !== "error")) {
    const seeds = await seedTwice(project, connection, signal);
    if (seeds.count > 0) done.push(`${seeds.count} ${seeds.count === 1 ? "seed" : "seeds"} twice`);
    findings.push(...seeds.findings);
  }
  return { looked: done.join(", "), findings, times };
}

const counted = (count: number): string => (count === 1 ? "1 revision" : `${count} revisions`);

type Run = (command: "upgrade" | "downgrade", targets: readonly string[]) => Promise<void>;

function migrator(
  project: Project,
  connection: Connection,
  signal: AbortSignal,
  { mode, allowEdited }: RunThroughOptions,
  times: RevisionTime[],
): Run {
  const report: MigrateOptions["report"] = (event) => {
    if (event.kind !== "revision-finished") return;
    const { revision, direction, durationMs } = event;
    times.push({ mode, revision: revision.id, direction, milliseconds: Math.round(durationMs) });
  };
  const rest = { transaction: "each", lockTimeoutMs: 60_000, allowEdited, signal, report } as const;
  return async (command, targets) => void (await migrate(project, connection, { command, targets, ...rest }));
}

/** Why there was no one back and up again; `null` when there was. */
async function backAndUp(project: Project, connection: Connection, run: Run): Promise<GateFinding | null> {
  const { rows } = await readDatabaseState(project, connection);
  const [at] = rows;
  const revision = project.revisions.find(({ id }) => id === at);
  if (revision === undefined || rows.length > 1) {
    return {
      check: "smoke",
      code: "target-invalid",
      severity: "info",
      message:
        rows.length > 1
          ? "There are several heads, and none was taken back"
          : "There is no revision to be taken back",
      remedy: "Nothing is to be done.",
      file: null,
      line: null,
      revision: null,
    };
  }
  const refusal = await refused(() => run("downgrade", ["-1"]));
  if (refusal !== null)
    return refusal.code === "irreversible" ? { ...refusal, severity: "info", line: 1 } : refusal;
  return refused(() => run("upgrade", ["heads"]));
}

/** What is wrong with a revision, as a finding. */
async function refused(run: () => Promise<void>): Promise<GateFinding | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (
      !(error instanceof AludelError) ||
      error.where.revision === undefined ||
      error.code === "connection-lost"
    )
      throw error;
    return errorFinding("smoke", error);
  }
}
