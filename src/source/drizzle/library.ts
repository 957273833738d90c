import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import type { Core } from "./kind.js";
import type { TableConfiguration, TableModel, ViewConfiguration } from "./shape.js";

/** The functions of one of Drizzle's cores that tell what a model is made of. */
export interface CoreModule {
  getTableConfig(table: TableModel): TableConfiguration;
  getViewConfig(view: unknown): ViewConfiguration;
  getMaterializedViewConfig(view: unknown): ViewConfiguration;
}

/** The user's own Drizzle. */
export interface Library {
  /** 0 for the releases before 1.0: they shape arrays and name constraints in another way. */
  readonly generation: 0 | 1;
  readonly core: CoreModule;
}

/**
 * Loads the project's Drizzle, as CommonJS: that takes a third of the time of its ESM form.
 *
 * @param root the project's folder; where it has no Drizzle (a workspace), the models' own folders are tried
 * @throws AludelError `dependency-missing`
 */
export function loadLibrary(root: string, files: readonly string[], core: Core): Library {
  const places = [
    ...new Set([join(root, "package.json"), ...files.map((file) => join(dirname(file), "x.js"))]),
  ];
  let failure: unknown = null;
  for (const place of places) {
    const load = createRequire(place);
    try {
      const { npmVersion } = load("drizzle-orm/version") as { npmVersion: string };
      return {
        generation: npmVersion.startsWith("0.") ? 0 : 1,
        core: load(`drizzle-orm/${core}`) as CoreModule,
      };
    } catch (thrown) {
      failure ??= thrown;
    }
  }
  throw new AludelError("dependency-missing", "The models are Drizzle's, but drizzle-orm cannot be loaded", {
    remedy: "Install it in the project: npm install drizzle-orm",
    where: { file: root },
    details: [messageOf(failure).split("\n")[0] ?? ""],
    cause: failure,
  });
}
