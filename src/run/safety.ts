import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { bookkeepingOf, ownTables, type Project } from "./project.js";
import type { RunLogState } from "./run-log.js";
import { readVersions } from "./version-table.js";

/**
 * Refuses a database that has tables but no version table: its history is not known, and the first revision would
 * create what is there already.
 * @throws AludelError `database-unversioned` with the tables found and the way to stamp.
 */
export async function refuseUnversioned(project: Project, connection: Connection): Promise<void> {
  const { versionTable } = bookkeepingOf(project.config);
  const names = await project.dialect.tableNames(connection, ownTables(project.config));
  if (names.length === 0) return;
  // Another runner may have made them, and the version table, since the caller looked for it.
  if ((await readVersions(connection, project.dialect, bookkeepingOf(project.config))) !== null) return;
  // Only for the error: no other run has to load what is known of other tools.
  const { managedBy } = await import("./tool-table.js");
  const other = await managedBy(connection, project.dialect);
  throw new AludelError(
    "database-unversioned",
    `The database has ${names.length} ${names.length === 1 ? "table" : "tables"} but no version table "${versionTable.name}"`,
    {
      where: { object: connection.target },
      details: [`Tables: ${names.slice(0, 8).join(", ")}${names.length > 8 ? " …" : ""}`],
      remedy:
        other === null
          ? "If this is the right database, say which revision its tables are at: `aludel stamp REVISION` (`aludel stamp head` when they are up to date). Otherwise check the URL."
          : `${other.name} has managed it, and its table ${other.table} says where it is: \`aludel import ${other.word} FOLDER --stamp\`. Otherwise check the URL.`,
    },
  );
}

/** @throws AludelError `database-revision-unknown` for rows that no file has. */
export function refuseUnknownRows(
  project: Project,
  connection: Connection,
  rows: readonly string[],
  known: ReadonlySet<string>,
): void {
  const unknown = rows.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new AludelError(
    "database-revision-unknown",
    `The database is at revision ${unknown.join(", ")}, which no file of the revisions has`,
    {
      where: { object: connection.target, file: project.config.revisions },
      data: { unknown },
      remedy:
        "Another git branch or a newer checkout has run against this database: check out the files that have this revision. If the revision was deleted on purpose, `aludel stamp --purge REVISION` says anew where the database is.",
    },
  );
}

/**
 * Refuses an empty version table where the run log knows of revisions that nobody has undone: to run them again would
 * fail at best.
 * @throws AludelError `version-table-invalid` with the way to stamp.
 */
export function refuseEmptied(project: Project, rows: readonly string[], log: RunLogState): void {
  const applied = project.revisions.map(({ id }) => id).filter((id) => log.checksums.has(id));
  if (rows.length > 0 || applied.length === 0) return;
  const { versionTable } = bookkeepingOf(project.config);
  const last = project.graph.order.findLast(({ id }) => applied.includes(id))?.id;
  throw new AludelError(
    "version-table-invalid",
    `The version table "${versionTable.name}" is empty, but the run log says that ${applied.length === 1 ? "a revision is" : `${applied.length} revisions are`} applied`,
    {
      where: { object: versionTable.name },
      details: [`Applied last: ${last}`],
      remedy: `Somebody emptied the table by hand. See what the database really has, then say so: \`aludel stamp ${last}\`, or \`aludel stamp base\` if it has nothing.`,
    },
  );
}

/** @throws AludelError `revision-edited` naming every applied revision whose file has changed since, but not those that were only put elsewhere in the graph. */
export function refuseEdited(
  project: Project,
  applied: ReadonlySet<string>,
  log: RunLogState,
  moved: readonly string[],
): void {
  const edited = project.revisions.filter((revision) => {
    const checksum = log.checksums.get(revision.id);
    if (moved.includes(revision.id)) return false;
    return applied.has(revision.id) && checksum !== undefined && checksum !== revision.checksum;
  });
  const [first] = edited;
  if (first === undefined) return;
  throw new AludelError(
    "revision-edited",
    edited.length === 1
      ? `Revision ${first.id} was edited after it was applied`
      : `${edited.length} revisions were edited after they were applied`,
    {
      where: { file: first.file, revision: first.id },
      details: edited.map((revision) => `${revision.id} ${revision.message}: ${revision.file}`),
      remedy:
        "Put the file back and write a new revision for the change. If the edit changes nothing that ran (a comment), run again with --allow-edited.",
    },
  );
}
