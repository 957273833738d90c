import type { Project } from "../run/project.js";
import type { Base } from "./base.js";
import { baseProject } from "./base-project.js";
import { type BaseTree, openBaseTree } from "./base-tree.js";

/** The base, with its files. */
export interface BaseSide {
  readonly tree: BaseTree;
  /** `null` where there was no project yet. */
  readonly project: Project | null;
}

/** The base for several checks: written to disk when the first one asks. */
export interface LazyBase {
  readonly open: () => Promise<BaseSide>;
  readonly dispose: () => Promise<void>;
}

export function lazyBase(head: Project, { commit }: Base): LazyBase {
  let tree: Promise<BaseTree> | undefined;
  let side: Promise<BaseSide> | undefined;
  const open = async (): Promise<BaseSide> => {
    tree = openBaseTree(head.config.root, commit);
    return { tree: await tree, project: await baseProject(head, await tree) };
  };
  return {
    open: () => {
      side ??= open();
      return side;
    },
    // Who asked was told what went wrong.
    dispose: async () => (await tree?.catch(() => undefined))?.dispose(),
  };
}
