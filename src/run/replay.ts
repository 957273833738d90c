import { asksForGrants } from "../config/grants.js";
import type { Scratch } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { applyOp } from "../op/apply.js";
import { closure } from "../revision/graph/closure.js";
import type { Revision } from "../revision/revision.js";
import { copySchema, emptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { applyHistory } from "./apply-history.js";
import { ownTables, type Project } from "./project.js";
import { type Recorded, record } from "./record.js";

/** A scratch database, with the revisions that it has run. */
export interface Replayed {
  readonly scratch: Scratch;
  readonly revisions: readonly string[];
}

/**
 * The schema that revisions lead to, from their ops alone. Only where a revision runs SQL text that defines objects,
 * or where there are functions or domains, does a scratch database run the history up to the last such revision, and is inspected there.
 *
 * `targets` are revisions of which each, with all that it builds on, is in; none is the empty schema.
 * `openScratch` is called at most once, and only when it is needed; the scratch database is disposed of here.
 */
export async function replay(
  project: Project,
  targets: readonly string[],
  openScratch: () => Promise<Scratch>,
): Promise<Schema> {
  const recorded = await recordHistory(project, targets);
  const opaque = recorded.findLastIndex((one) => one.opaque !== null);
  if (opaque === -1) {
    const schema = applyRecorded(project, emptySchema(project.dialect.name), recorded);
    if (!needsEngine(project, schema)) return schema;
  }
  const last = opaque === -1 ? recorded.length - 1 : opaque;
  const revisions = recorded.slice(0, last + 1).map(({ revision }) => revision);
  const inspected = await inspectHistory(project, revisions, openScratch);
  return applyRecorded(project, inspected, recorded.slice(last + 1));
}

/**
 * As `replay`, for ops to be found from it: where one thing may stand on another, an engine is asked for all of what stands on
 * what. Without one the order of the ops may be one that does not run, which their proof says, or the error that there is none.
 * `keep` is given the scratch database where there is one, instead of its being disposed of.
 *
 * @throws AludelError `scratch-unavailable` only where `replay` does.
 */
export async function replayForChange(
  project: Project,
  targets: readonly string[],
  openScratch: () => Promise<Scratch>,
  keep?: (replayed: Replayed) => void,
): Promise<Schema> {
  const recorded = await recordHistory(project, targets);
  const isOpaque = recorded.some(({ opaque }) => opaque !== null);
  const told = isOpaque ? null : applyRecorded(project, emptySchema(project.dialect.name), recorded);
  if (told !== null && !standsOnOthers(project, told)) return told;
  try {
    return await inspectHistory(
      project,
      recorded.map(({ revision }) => revision),
      openScratch,
      keep,
    );
  } catch (error) {
    const isEnough = told !== null && !needsEngine(project, told);
    if (isEnough && error instanceof AludelError && error.code === "scratch-unavailable") return told;
    throw error;
  }
}

/**
 * The same as a scratch database says it, with what the ops do not tell: a table that was renamed keeps the names that its constraints
 * were given.
 */
export async function replayOnScratch(
  project: Project,
  targets: readonly string[],
  openScratch: () => Promise<Scratch>,
): Promise<Schema> {
  return inspectHistory(project, historyOf(project, targets), openScratch);
}

async function inspectHistory(
  project: Project,
  revisions: readonly Revision[],
  openScratch: () => Promise<Scratch>,
  keep?: (replayed: Replayed) => void,
): Promise<Schema> {
  const scratch = await openScratch();
  let isKept = false;
  try {
    await applyHistory(project, scratch.connection, revisions, "upgrade");
    const schema = await project.dialect.inspect(scratch.connection, {
      namespaces: "all",
      ignoreTables: ownTables(project.config),
      grants: asksForGrants(project.config.filters),
    });
    keep?.({ scratch, revisions: revisions.map(({ id }) => id) });
    isKept = keep !== undefined;
    return schema;
  } finally {
    if (!isKept) await scratch.dispose();
  }
}

/**
 * Where functions, domains and the like are about, what stands on what counts, and the form in which the engine prints
 * them: both only the engine knows.
 */
function needsEngine({ dialect }: Project, { defined, domains, composites }: Schema): boolean {
  return dialect.can.dependencies && defined.size + domains.size + composites.size > 0;
}

/** Tables alone stand on nothing but what their ops say of them; a policy may read any other one in a subquery. */
function standsOnOthers(project: Project, schema: Schema): boolean {
  if (!project.dialect.can.dependencies) return false;
  const { views, sequences, tables } = schema;
  return (
    needsEngine(project, schema) ||
    views.size + sequences.size > 0 ||
    [...tables.values()].some(
      ({ columns, partitioning, inherits, policies }) =>
        (partitioning ?? inherits) !== undefined ||
        policies.some(({ using, check }) => /\bselect\b/i.test(`${using} ${check}`)) ||
        // From the sequence of a `serial` column.
        columns.some((column) => column.default?.startsWith("nextval(")),
    )
  );
}

/** The revisions that the targets build on, and they themselves, parents first. */
export function historyOf(project: Project, targets: readonly string[]): readonly Revision[] {
  const { graph } = project;
  const included = closure(graph, targets);
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  return graph.order.filter(({ id }) => included.has(id)).flatMap(({ id }) => byId.get(id) ?? []);
}

async function recordHistory(project: Project, targets: readonly string[]): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  for (const revision of historyOf(project, targets))
    recorded.push(await record(project, revision, "upgrade"));
  return recorded;
}

function applyRecorded(project: Project, schema: Schema, recorded: readonly Recorded[]): Schema {
  const draft = copySchema(schema);
  for (const { revision, ops } of recorded) {
    try {
      for (const { op } of ops) applyOp(draft, op);
    } catch (error) {
      throw error instanceof AludelError ? error.at({ file: revision.file, revision: revision.id }) : error;
    }
  }
  // What an engine makes of several ops together (a primary key makes its columns NOT NULL) only it knows.
  return project.dialect.normalize.schema(draft);
}
