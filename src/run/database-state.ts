import type { Connection } from "../dialect/connection.js";
import { withKept } from "./kept.js";
import { bookkeepingOf, type Project } from "./project.js";
import { type RunLogState, readRunLog } from "./run-log.js";
import { readVersions } from "./version-table.js";

/** What a database says of itself. */
export interface DatabaseState {
  /** With revisions that were squashed since, where the database is in the middle of them. */
  readonly project: Project;
  /** False when the version table is not there yet. */
  readonly versioned: boolean;
  /** The ids in the version table, sorted; also such as no file has. */
  readonly rows: readonly string[];
  readonly log: RunLogState;
}

/** Reads version table and run log, in two round trips. @throws AludelError `version-table-invalid`. */
export async function readDatabaseState(given: Project, connection: Connection): Promise<DatabaseState> {
  const bookkeeping = bookkeepingOf(given.config);
  const found = await readVersions(connection, given.dialect, bookkeeping);
  const rows = found ?? [];
  const project = await withKept(given, rows);
  const log = await readRunLog(connection, project.dialect, bookkeeping);
  return { project, versioned: found !== null, rows, log };
}
