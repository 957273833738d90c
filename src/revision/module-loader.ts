import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { Jiti, TransformOptions } from "jiti";
import type { Code } from "../error/codes.js";
import { evaluateAlone } from "./evaluate-alone.js";
import { loadError } from "./load-error.js";
import { readText } from "./read-text.js";
import { needsThoroughTransform, transformScript, transformVersion } from "./transform.js";
import { openTransformCache } from "./transform-cache.js";

export interface LoadModuleOptions {
  /** The project's folder: packages and `paths` of `tsconfig.json` are found from here. */
  readonly root: string;
  /** The code of the error when the file cannot be loaded; `revision-unreadable` unless given. */
  readonly code?: Code;
  /** What the file is, as the subject of that error; `The file` unless given. */
  readonly what?: string;
}

/** A module loader for one project, and the files it has loaded as they were then. */
interface Loader {
  readonly jiti: Jiti;
  readonly loaded: Map<string, string>;
  /** Why `tsconfig.json` cannot be read, so that its `paths` are not followed; `null` when they are. */
  readonly tsconfigMistake: string | null;
}

const loaders = new Map<string, Promise<Loader>>();

/** What "aludel" is for user code: this very module, so that there is only one of it. */
export function publicModule(): Promise<object> {
  return import("../index.js");
}

const require = createRequire(import.meta.url);

function stamp(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
}

async function openLoader(root: string, tsconfigMistake: string | null): Promise<Loader> {
  // As CommonJS, because an import would first search the whole of it for the names of its exports.
  const { createJiti } = require("jiti") as typeof import("jiti");
  const aludel = await publicModule();
  const loaded = new Map<string, string>();
  const parent = join(root, "aludel.config.ts");
  const tsconfigPaths = tsconfigMistake === null;
  const settings = { fsCache: false, interopDefault: true, tsconfigPaths, jsx: true } as const;
  const thorough = createJiti(parent, settings);
  const { version } = require("jiti/package.json") as { readonly version: string };
  const cache = openTransformCache(root, `module ${transformVersion()} jiti ${version}`);
  const transform = (options: TransformOptions) => {
    const { filename = "", source } = options;
    loaded.set(filename, stamp(filename));
    const way = `${extname(filename)} ${options.async ?? false}`;
    const code = cache.get(`${way}\0${source}`, () => transformModule(thorough, options), isTransformed);
    return { code };
  };
  const jiti = createJiti(parent, { ...settings, transform, virtualModules: { aludel } });
  return { jiti, loaded, tsconfigMistake };
}

/** The fast transform where it is enough; otherwise, and for whatever it cannot read, the thorough one. */
function transformModule(thorough: Jiti, options: TransformOptions): string {
  const { source, filename = "" } = options;
  if (!filename.endsWith("x") && !needsThoroughTransform(source)) {
    try {
      return transformScript(source);
    } catch {
      // The thorough transform says what is wrong, or that nothing is.
    }
  }
  return thorough.transform(options);
}

/** jiti puts a syntax error into the code that it gives, with the file's name: the next file may have another. */
function isTransformed(code: string): boolean {
  return !code.includes("__JITI_ERROR__");
}

/** Forgets what was loaded when any of it has changed since: a process may load the same models twice. */
function forgetChanged(loaded: Map<string, string>): void {
  for (const [file, then] of loaded) {
    if (stamp(file) === then) continue;
    for (const one of loaded.keys()) delete require.cache[one];
    loaded.clear();
    return;
  }
}

function loaderOf(root: string): Promise<Loader> {
  let loader = loaders.get(root);
  if (loader === undefined) {
    loader = openLoader(root, null);
    loaders.set(root, loader);
  }
  return loader;
}

/** jiti reads `tsconfig.json` for its `paths`, and fails when it extends a package that is not installed. */
function isTsconfigMistake(thrown: unknown): thrown is Error {
  return thrown instanceof Error && /\bat getTsconfig\b/.test(thrown.stack ?? "");
}

async function importModule(file: string, root: string): Promise<unknown> {
  const { jiti, loaded } = await loaderOf(root);
  forgetChanged(loaded);
  return jiti.import(file);
}

/** Most projects import nothing through `paths`: a `tsconfig.json` that cannot be read is no reason to stop. */
async function importLeniently(file: string, root: string): Promise<unknown> {
  try {
    return await importModule(file, root);
  } catch (thrown) {
    if (!isTsconfigMistake(thrown)) throw thrown;
    loaders.set(root, openLoader(root, thrown.message));
    return importModule(file, root);
  }
}

/**
 * Loads a TypeScript or JavaScript module of the user's, without a build step: ESM or CommonJS, whatever the project
 * is, with the `paths` of its `tsconfig.json`. Gives its exports. An import of "aludel" is this very package.
 *
 * @throws AludelError of the given code with file, line and column in the user's code, and the line itself.
 */
export async function loadModule(file: string, options: LoadModuleOptions): Promise<unknown> {
  const { root, code = "revision-unreadable", what = "The file" } = options;
  const text = readText(file);
  try {
    const alone = evaluateAlone(file, text, { root, publicModule: await publicModule() });
    if (alone !== null) return alone.exports;
    return await importLeniently(file, root);
  } catch (thrown) {
    const tsconfigMistake = (await loaders.get(root)?.catch(() => null))?.tsconfigMistake ?? null;
    throw loadError(thrown, { file, root, code, what, tsconfigMistake });
  }
}
