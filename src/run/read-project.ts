import type { Config } from "../config/config.js";
import type { Dialect } from "../dialect/dialect.js";
import { buildGraph } from "../revision/graph/graph.js";
import { readRevisions } from "../revision/read-folder.js";
import { apart, orderRepeatables } from "../revision/repeatable.js";
import type { Project } from "./project.js";

/**
 * The revisions of the configured folders, checked and linked. Runs none of them.
 *
 * @param given `-x key=value`.
 * @throws AludelError as `readRevisions`, `buildGraph` and `orderRepeatables`.
 */
export async function readProject(
  config: Config,
  dialect: Dialect,
  given: Readonly<Record<string, string>>,
): Promise<Project> {
  const read = apart(await readRevisions(config.revisionFolders));
  const graph = buildGraph(read.revisions);
  return {
    config,
    dialect,
    revisions: read.revisions,
    repeatables: orderRepeatables(read.repeatables, graph),
    graph,
    arguments: given,
  };
}
