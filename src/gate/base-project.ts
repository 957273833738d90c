import { existsSync } from "node:fs";
import { loadConfig } from "../config/load.js";
import type { Project } from "../run/project.js";
import { readProject } from "../run/read-project.js";
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
  return readProject({ ...config, scratch: head.config.scratch }, head.dialect, head.arguments);
}
