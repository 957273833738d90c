import { relative } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import { loadModule } from "../../revision/module-loader.js";
import type { LoadedFile } from "./collect.js";

/**
 * Runs the models' files, one after the other: they share what they import.
 *
 * @throws AludelError `models-unloadable` with every file that cannot be loaded
 */
export async function loadModels(files: readonly string[], root: string): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  const failures: { readonly file: string; readonly thrown: unknown }[] = [];
  for (const file of files) {
    try {
      const exports = await loadModule(file, { root, code: "models-unloadable", what: "The models' file" });
      loaded.push({ file, exports: recordOf(exports) });
    } catch (thrown) {
      failures.push({ file, thrown });
    }
  }
  const [first, second] = failures;
  if (!first) return loaded;
  if (!second) throw first.thrown;
  throw new AludelError("models-unloadable", `${failures.length} files of models cannot be loaded`, {
    remedy:
      "The files run as they do in the project: see that each can be imported by itself, and that what it needs from the environment is set.",
    where: { file: first.file },
    details: [
      ...new Set(failures.map(({ file, thrown }) => `${relative(root, file)}: ${messageOf(thrown)}`)),
    ],
    cause: first.thrown,
  });
}

/** A CommonJS module may export a function with properties, or nothing that has names. */
function recordOf(exports: unknown): Readonly<Record<string, unknown>> {
  const named = exports !== null && (typeof exports === "object" || typeof exports === "function");
  return named ? (exports as Readonly<Record<string, unknown>>) : {};
}
