import type { Connection } from "../dialect/connection.js";
import { redact } from "../error/redact.js";
import type { Revision } from "../revision/revision.js";
import { makeBookkeeping } from "./bookkeeping.js";
import type { Report } from "./event.js";
import { executeRevision } from "./execute-revision.js";
import { Rows, workOf } from "./history.js";
import { bookkeepingOf, type Project } from "./project.js";
import { loadBody } from "./revision-body.js";
import type { Around } from "./run-context.js";
import { thisRunner } from "./runner.js";
import { readVersions } from "./version-table.js";

/**
 * Runs revisions in the given order on a database that nobody else uses (a scratch database): no lock, no checks.
 * `report` hears what happens, and `around` stands around every statement. It goes through the same code as an upgrade of a real database, so that what is proved is what will run.
 */
export async function applyHistory(
  project: Project,
  connection: Connection,
  revisions: readonly Revision[],
  direction: "upgrade" | "downgrade",
  report: Report = () => undefined,
  around?: Around,
): Promise<void> {
  const bookkeeping = bookkeepingOf(project.config);
  await makeBookkeeping(project, connection);
  const current = (await readVersions(connection, project.dialect, bookkeeping)) ?? [];
  const rows = new Rows(project.graph, current);
  const context = {
    connection,
    dialect: project.dialect,
    bookkeeping,
    runner: thisRunner(project.config.root),
    root: project.config.root,
    arguments: project.arguments,
    transaction: "each",
    signal: new AbortController().signal,
    report,
    redact,
    around,
  } as const;
  const nothingUnfinished = {
    checksums: new Map(),
    unfinished: new Map(),
    cutOff: new Map(),
    isThere: true,
  };
  for (const revision of revisions) {
    const body = await loadBody(context, revision, direction);
    await executeRevision(context, workOf(revision, direction, rows, nothingUnfinished, false), body);
  }
}
