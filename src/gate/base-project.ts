import { existsSync } from "node:fs";
import { loadConfig } from "../config/load.js";
import { buildGraph } from "../revision/graph/graph.js";
import { readRevisions } from "../revision/read-folder.js";
import { apart, orderRepeatables } from "../revision/repeatable.js";
import type { Project } from "../run/project.js";
import type { BaseTree } from "./base-tree.js";

/**
 * The project as it is in the base's files; `null` where there was none yet.
 *
 * @throws AludelError as any command on the base would.
 */
export async function baseProject(head: Project, tree: BaseTree): Promise<Project | null> {
  const file = tree.inside(head.config.file);
  if (!existsSync(file)) return null;
  // Variables of `.env` files are those of the working tree, which are loaded already.
  const variables = { ...process.env };
  const { config } = await loadConfig({
    file,
    environment: null,
    arguments: head.arguments,
    variables,
  });
  const read = apart(await readRevisions(config.revisionFolders));
  const graph = buildGraph(read.revisions);
  return {
    config: { ...config, scratch: head.config.scratch },
    dialect: head.dialect,
    revisions: read.revisions,
    repeatables: orderRepeatables(read.repeatables, graph),
    graph,
    arguments: head.arguments,
  };
}
