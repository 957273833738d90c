import type { Connection } from "../dialect/connection.js";
import type { Home } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { bookkeepingOf, type Project } from "./project.js";
import type { RunContext } from "./run-context.js";

/**
 * Where names without a namespace lead in this session, for a run that is about to begin; `null` where the engine has one place
 * only.
 *
 * @throws AludelError `search-path` where the version table is elsewhere: revisions before these have made their tables
 * there.
 */
export async function requireHome(project: Project, connection: Connection): Promise<Home | null> {
  const { namespaces } = project.dialect;
  if (namespaces === undefined) return null;
  const { versionTable } = bookkeepingOf(project.config);
  const home = await namespaces.home(connection, versionTable);
  const { namespace, ofTable, path } = home;
  if (versionTable.namespace !== null || ofTable === null || ofTable === namespace) return home;
  throw new AludelError(
    "search-path",
    `Names without a schema lead to ${namespace} (${path}), and the version table "${versionTable.name}" is in ${ofTable}`,
    {
      where: { object: connection.target },
      details: ["What revisions name without a schema would be made in another one than until now."],
      remedy: `${namespaces.sayHome(ofTable)} Is ${namespace} meant, name the schema of the version table: versionTable: { schema: ${JSON.stringify(ofTable)}, name: ${JSON.stringify(versionTable.name)} }.`,
    },
  );
}

/**
 * Asks again after a statement that may have made a schema to which names lead from then on, such as the one that is called like
 * the user (`"$user"`).
 *
 * @throws AludelError `search-path` where it has.
 */
export async function requireSameHome(
  {
    dialect,
    connection,
    bookkeeping,
    home,
  }: Pick<RunContext, "dialect" | "connection" | "bookkeeping" | "home">,
  sql: string,
): Promise<void> {
  if (!home || home.namespace === null || !dialect.namespaces?.mayMoveHome(sql)) return;
  const { namespace, path } = await dialect.namespaces.home(connection, bookkeeping.versionTable);
  // A revision may set the path of its session by itself.
  if (namespace === home.namespace || path !== home.path) return;
  throw new AludelError(
    "search-path",
    `Once the schema ${namespace} is made, names without a schema lead there (${path}), and not to ${home.namespace}`,
    { remedy: dialect.namespaces.sayHome(home.namespace) },
  );
}
