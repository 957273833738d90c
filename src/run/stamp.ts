import type { Connection } from "../dialect/connection.js";
import { targetOf } from "../plan/plan-steps.js";
import { planOnGraph } from "../revision/graph/plan-revisions.js";
import type { Revision } from "../revision/revision.js";
import { ensureBookkeeping } from "./bookkeeping.js";
import { inTransaction } from "./in-transaction.js";
import { withKept } from "./kept.js";
import { bookkeepingOf, type Project } from "./project.js";
import { insertRecord } from "./run-log.js";
import { thisRunner } from "./runner.js";
import { refuseUnknownRows } from "./safety.js";
import { readVersionRows, readVersions, versionStatements } from "./version-table.js";

export interface StampResult {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Says where a database is without running a revision: writes the version table, and a line of the run log for each
 * revision that it is stamped with (`base` for none). `purge` forgets the rows that are there first, whatever they are.
 * @throws AludelError of the target, and `database-revision-unknown` without `purge`.
 */
export async function stamp(
  given: Project,
  connection: Connection,
  options: {
    readonly targets: readonly string[];
    readonly purge: boolean;
    readonly lockTimeoutMs: number;
    readonly onWait: (holder: string) => void;
    /** Repeatable revisions that another tool has run as their files are now. */
    readonly ran?: { readonly by: string; readonly revisions: readonly Revision[] };
  },
): Promise<StampResult> {
  const { dialect, config } = given;
  const bookkeeping = bookkeepingOf(config);
  const lock = await dialect.lock(connection, {
    bookkeeping,
    timeoutMs: options.lockTimeoutMs,
    onWait: options.onWait,
  });
  try {
    const before = await readRows(given, connection, options.purge);
    const rows = options.purge ? [] : before;
    const project = await withSquashed(given, rows, options.targets);
    const { revisions } = project;
    if (!options.purge)
      refuseUnknownRows(project, connection, before, new Set(revisions.map(({ id }) => id)));
    const plan = planOnGraph(project.graph, { rows, command: "stamp", target: targetOf(options.targets) });
    await ensureBookkeeping(project, connection);
    const after = [...plan.rows].sort();
    const runner = thisRunner(config.root);
    const byId = new Map(revisions.map((revision) => [revision.id, revision]));
    // Also where nothing changes: the line says that somebody has looked, and that no run is unfinished.
    const log = (after.length === 0 ? ["base"] : after).map((id) =>
      insertRecord(dialect, bookkeeping, runner, {
        revision: id,
        direction: "stamp",
        startedAt: new Date(),
        durationMs: 0,
        checksum: byId.get(id)?.checksum ?? null,
        result: "succeeded",
        statementsDone: 0,
        error: null,
      }),
    );
    for (const { id, checksum } of options.ran?.revisions ?? []) {
      const by = { ...runner, toolVersion: options.ran?.by ?? runner.toolVersion };
      const done = { result: "succeeded", statementsDone: 0, error: null } as const;
      const record = { revision: id, direction: "upgrade", startedAt: new Date(), durationMs: null } as const;
      log.push(insertRecord(dialect, bookkeeping, by, { ...record, ...done, checksum }));
    }
    const changes = options.purge
      ? [
          `DELETE FROM ${dialect.quoteName(bookkeeping.versionTable)}`,
          ...versionStatements(dialect, bookkeeping, new Set(), new Set(after)),
        ]
      : versionStatements(dialect, bookkeeping, new Set(before), new Set(after));
    await inTransaction({ connection, dialect }, () => connection.run([...changes, ...log].join(";\n")));
    return { before, after };
  } finally {
    await lock.release();
  }
}

/** With revisions that were squashed, where the database is in the middle of them or a target is one of them. */
function withSquashed(
  project: Project,
  rows: readonly string[],
  targets: readonly string[],
): Promise<Project> {
  const words = ["head", "heads", "base", "current"];
  const named = targets.filter((one) => /^[\w.]+$/.test(one) && !words.includes(one));
  return withKept(project, [...rows, ...named.filter((one) => !project.graph.labels.has(one))]);
}

/** A purge is the remedy for a version table that cannot be understood, so that it takes what is there as it is. */
async function readRows(
  project: Project,
  connection: Connection,
  purge: boolean,
): Promise<readonly string[]> {
  const bookkeeping = bookkeepingOf(project.config);
  if (!purge) return (await readVersions(connection, project.dialect, bookkeeping)) ?? [];
  return ((await readVersionRows(connection, project.dialect, bookkeeping)) ?? []).map(String).sort();
}
