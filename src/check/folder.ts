import { dirname, relative, resolve } from "node:path";
import { AludelError } from "../error/error.js";
import type { Project } from "../run/project.js";

/**
 * The folder of a new revision: that of the first of its parents. What has none goes into the only folder, or as the very
 * first revision into the first.
 * @throws AludelError `usage` for a new base where there are several folders.
 */
export function folderFor(
  { config, revisions }: Pick<Project, "config" | "revisions">,
  parents: readonly string[],
): string {
  const parent = revisions.find(({ id }) => id === parents[0]);
  const folder = parent === undefined ? undefined : dirname(parent.file);
  if (folder !== undefined && config.revisionFolders.includes(folder)) return folder;
  if (config.revisionFolders.length === 1 || revisions.length === 0) return config.revisions;
  throw new AludelError("usage", "It has to be said into which folder the revision is written", {
    details: listed(config),
    remedy: "Say it with --version-path FOLDER.",
  });
}

/**
 * The configured folder that `--version-path` means, from the working directory or from the configuration's.
 * @throws AludelError `usage` for one that the configuration does not have.
 */
export function folderNamed({ config }: Pick<Project, "config">, cwd: string, path: string): string {
  const meant = [resolve(cwd, path), resolve(config.root, path)];
  const found = meant.find((folder) => config.revisionFolders.includes(folder));
  if (found !== undefined) return found;
  throw new AludelError("usage", `${path} is no folder of revisions, so nothing would read the file`, {
    details: listed(config),
    remedy: "Choose one of these, or add it to `revisions` in the configuration.",
  });
}

function listed({ revisionFolders, root }: Project["config"]): readonly string[] {
  return revisionFolders.map((folder) => relative(root, folder) || ".");
}
