import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Config } from "../../config/config.js";
import { upstreamOf } from "../../revision/git-revisions.js";
import type { DialectName } from "../../schema/name.js";
import { type PackageManager, packageManagerOf } from "./package-manager.js";

/** What the generated files have to know of a project. */
export interface ProjectPlace {
  readonly config: Config;
  readonly dialect: DialectName;
  /** The top of the repository; the project's folder where there is none. */
  readonly top: string;
  readonly manager: PackageManager;
  /** The branch that changes are merged into, as far as the repository knows. */
  readonly base: string;
}

/** Where a project is, and what it is installed with. */
export async function placeOf(config: Config, dialect: DialectName): Promise<ProjectPlace> {
  let top = config.root;
  while (!existsSync(join(top, ".git")) && top !== dirname(top)) top = dirname(top);
  if (!existsSync(join(top, ".git"))) top = config.root;
  const upstream = await upstreamOf(top).catch(() => null);
  const base = upstream?.replace(/^origin\//, "") ?? "main";
  return { config, dialect, top, manager: await packageManagerOf(config.root, top), base };
}

/** A path as git and YAML files write it; the folder itself is empty. */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}
