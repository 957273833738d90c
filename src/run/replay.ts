import type { Scratch } from "../dialect/dialect.js";
import { applyOps } from "../op/apply.js";
import { closure } from "../revision/graph/closure.js";
import type { Revision } from "../revision/revision.js";
import { emptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { applyHistory } from "./apply-history.js";
import { bookkeepingOf, type Project } from "./project.js";
import { type Recorded, record } from "./record.js";

/**
 * The schema that revisions lead to, from their ops alone. Only where a revision runs SQL text that defines objects
 * does a scratch database run the history up to the last such revision, and is inspected there.
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
  const last = recorded.findLastIndex(({ opaque }) => opaque !== null);
  if (last === -1) return applyRecorded(project, emptySchema(project.dialect.name), recorded);
  const scratch = await openScratch();
  try {
    const revisions = recorded.slice(0, last + 1).map(({ revision }) => revision);
    await applyHistory(project, scratch.connection, revisions, "upgrade");
    const { versionTable, runLogTable } = bookkeepingOf(project.config);
    const inspected = await project.dialect.inspect(scratch.connection, {
      namespaces: "all",
      ignoreTables: [versionTable, runLogTable],
    });
    return applyRecorded(project, inspected, recorded.slice(last + 1));
  } finally {
    await scratch.dispose();
  }
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
  const ops = recorded.flatMap((one) => one.ops.map(({ op }) => op));
  // What an engine makes of several ops together (a primary key makes its columns NOT NULL) only it knows.
  return project.dialect.normalize.schema(applyOps(schema, ops));
}
