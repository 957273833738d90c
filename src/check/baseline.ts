import type { Connection } from "../dialect/connection.js";
import type { Uninspected } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { LeftOut } from "../filter/filter.js";
import { countLeftOut, hasOtherTools } from "../filter/left-out.js";
import type { Op } from "../op/op.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { readVersions } from "../run/version-table.js";
import { emptySchema, isEmptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { openVersions } from "../source/script.js";
import { type Change, findChange } from "./find-change.js";
import { inspectLike } from "./sides.js";

/** What a database holds, for a first revision that makes the same. */
export interface Baseline {
  readonly schema: Schema;
  readonly change: Change;
  /** Objects that no record can hold: the revision does not make them. */
  readonly uninspected: readonly Uninspected[];
  /** What filters left out. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads a database, and finds the ops that make the same out of nothing. `otherTools` says what becomes of what other tools
 * keep in it.
 *
 * @throws AludelError `baseline-refused` for a project that has revisions, a database that is at one, and one in which
 * nothing is.
 */
export async function findBaseline(
  project: Project,
  connection: Connection,
  otherTools: "ignore" | "keep",
): Promise<Baseline> {
  refuseRevisions(project);
  await refuseVersioned(project, connection);
  return readBaseline(project, connection, otherTools);
}

/**
 * The same of a database that may be at a revision.
 * @throws AludelError `baseline-refused` for one in which nothing is.
 */
export async function readBaseline(
  project: Project,
  connection: Connection,
  otherTools: "ignore" | "keep",
): Promise<Baseline> {
  const { schema, uninspected, leftOut } = await inspectLike(project, connection, null, otherTools);
  if (isEmptySchema(schema)) throw nothingThere(connection, leftOut);
  refuseOtherHome(project, connection, schema);
  const options = { renames: [], drops: [], inline: true };
  // Another server may have other versions of extensions: as in a dump, the newest is meant.
  const models = { schema: openVersions(project.dialect.normalize.schema(schema), []), unsaid: [] };
  const change = await findChange(project, emptySchema(project.dialect.name), models, options, null);
  const upgrade = change.upgrade.map((op) => withoutCheck(project, op));
  return { schema: models.schema, change: { ...change, upgrade }, uninspected, leftOut };
}

/** Functions that run as they are may name what only the path of their callers has: as in a dump, nobody looks. */
function withoutCheck({ dialect }: Project, op: Op): Op {
  if (op.kind !== "create-defined" || dialect.checksBody?.(op.object) !== true) return op;
  return { ...op, unchecked: true };
}

function refuseRevisions({ revisions, config }: Project): void {
  const [first, second] = revisions;
  if (first === undefined) return;
  const there = second === undefined ? "is a revision" : `are ${revisions.length} revisions`;
  throw new AludelError("baseline-refused", `There ${there} in ${config.revisions} already`, {
    where: { revision: first.id },
    remedy:
      "A baseline is the first revision. For what the models change in a database: aludel revision --autogenerate --against database.",
  });
}

async function refuseVersioned(project: Project, connection: Connection): Promise<void> {
  const rows = await readVersions(connection, project.dialect, bookkeepingOf(project.config));
  if (rows === null || rows.length === 0) return;
  throw new AludelError(
    "baseline-refused",
    `${connection.target} is at revision ${rows.join(", ")} already`,
    {
      remedy:
        "Get the revision files that it was upgraded with. If they are lost for good: `aludel stamp --purge base` forgets where it is.",
    },
  );
}

/** A new database has the usual default namespace already, and what is made without a namespace goes there. */
function refuseOtherHome({ dialect }: Project, connection: Connection, schema: Schema): void {
  const { can, namespaces } = dialect;
  const { defaultNamespace } = can;
  if (namespaces === undefined || defaultNamespace === null || !schema.namespaces.has(defaultNamespace))
    return;
  throw new AludelError(
    "search-path",
    `Names without a schema do not lead to ${defaultNamespace} here, as they will in a new database`,
    {
      where: { object: connection.target },
      remedy: `${namespaces.sayHome(defaultNamespace)} Then all other schemas are written with their names. Or leave ${defaultNamespace} out, for revisions that are to run in whichever schema is the default one: exclude: { schemas: ["${defaultNamespace}"] }.`,
    },
  );
}

function nothingThere(connection: Connection, leftOut: readonly LeftOut[]): AludelError {
  const remedy =
    "Choose the database that has your tables, with --env or --url, or start without a baseline.";
  return new AludelError("baseline-refused", `${connection.target} has nothing to write down`, {
    details: leftOut.length === 0 ? [] : [`left out: ${countLeftOut(leftOut)}`],
    remedy: hasOtherTools(leftOut)
      ? `${remedy} With --other-tools what other tools keep in it is written down, too.`
      : remedy,
  });
}
