import { relative } from "node:path";
import { createJiti } from "jiti";
import { AludelError, messageOf } from "../../error/error.js";
import type { LoadedFile } from "./collect.js";

/**
 * Runs the models' files, one after the other.
 *
 * @throws AludelError `models-unloadable` with every file that cannot be loaded
 */
export async function loadModels(files: readonly string[], root: string): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  const failures: { readonly file: string; readonly thrown: unknown }[] = [];
  for (const file of files) {
    try {
      const exports = (await loadModule(file, { root })) as Readonly<Record<string, unknown>> | null;
      loaded.push({ file, exports: typeof exports === "object" && exports !== null ? exports : {} });
    } catch (thrown) {
      failures.push({ file, thrown });
    }
  }
  const [first] = failures;
  if (!first) return loaded;
  throw new AludelError(
    "models-unloadable",
    failures.length === 1
      ? `${relative(root, first.file)} cannot be loaded: ${messageOf(first.thrown)}`
      : `${failures.length} files of models cannot be loaded`,
    {
      remedy:
        "The files run as they do in the project: see that each can be imported by itself, and that what it needs from the environment is set.",
      where: { file: first.file },
      details: failures.map(({ file, thrown }) => `${relative(root, file)}: ${messageOf(thrown)}`),
      cause: first.thrown,
    },
  );
}

const loadModule = (file: string, _options: { readonly root: string }): Promise<unknown> =>
  createJiti(import.meta.url).import(file);
