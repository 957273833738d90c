import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { ObjectName } from "../schema/name.js";
import { addLaterColumns } from "./later-columns.js";
import { bookkeepingOf, type Project } from "./project.js";

/**
 * Whether names without a namespace lead to all of these tables. CREATE TABLE IF NOT EXISTS is no such question: it looks at
 * the first schema of `search_path` alone, and wants the right to make tables even where they are there (PostgreSQL).
 */
export async function areThere(
  dialect: Pick<Dialect, "columnNames">,
  connection: Connection,
  tables: readonly ObjectName[],
): Promise<boolean> {
  for (const table of tables) {
    if ((await connection.query(dialect.columnNames(table))).length === 0) return false;
  }
  return true;
}

/** Makes version table and run log, in a database that does not have both. */
export async function makeBookkeeping({ dialect, config }: Project, connection: Connection): Promise<void> {
  const ddl = dialect.bookkeepingDdl(bookkeepingOf(config));
  try {
    // Together, or the disk is waited for each time.
    await connection.run(["BEGIN", ...ddl, "COMMIT"].join(";\n"));
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Makes the version table and the run log where they are missing. */
export async function ensureBookkeeping(project: Project, connection: Connection): Promise<void> {
  const { versionTable, runLogTable } = bookkeepingOf(project.config);
  if (await areThere(project.dialect, connection, [versionTable, runLogTable])) return;
  await makeBookkeeping(project, connection);
}

/** False where a run log of an earlier version stays as it is. */
export function addCountedColumns({ dialect, config }: Project, connection: Connection): Promise<boolean> {
  const { runLogTable } = bookkeepingOf(config);
  return addLaterColumns(dialect, connection, runLogTable, dialect.laterColumns.runLog);
}
