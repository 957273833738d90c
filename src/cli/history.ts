import { buildGraph } from "../revision/graph/graph.js";
import type { Context } from "./context.js";
import type { History } from "./print/revision-lines.js";

/** The revisions of the project as a graph; with `rows`, also where the chosen database is, which is asked for it. */
export async function readHistory(context: Context, options: { readonly rows: boolean }): Promise<History> {
  const revisions = await context.revisions();
  return {
    graph: buildGraph(revisions),
    byId: new Map(revisions.map((revision) => [revision.id, revision])),
    rows: options.rows ? new Set(await readRows(context)) : null,
  };
}

async function readRows(context: Context): Promise<readonly string[]> {
  const [{ readVersions }, { bookkeepingOf }] = await Promise.all([
    import("../run/version-table.js"),
    import("../run/project.js"),
  ]);
  const connection = await context.connect({ mustExist: true });
  const bookkeeping = bookkeepingOf(await context.config());
  return (await readVersions(connection, await context.dialect(), bookkeeping)) ?? [];
}
