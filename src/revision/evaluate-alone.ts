import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import { plainScript } from "./plain-script.js";
import { needsThoroughTransform, transformScript, transformVersion } from "./transform.js";
import { openTransformCache, type TransformCache } from "./transform-cache.js";

/** Thrown by the `require` that a lone file is given: it is not alone after all. */
class OtherImport extends Error {}

// Imports at the top of a file are noticed when it runs; those that run later would be noticed too late.
const laterImport = /\bimport\s*\(|\brequire\s*[(.]|\bmodule\s*\.\s*(?:require|createRequire)\b/;

/** An import of something else, where it can be seen without running the file. */
const otherImport =
  /^[ \t]*(?:import\b[^"'`;]*["'](?!aludel["'])|export\s*(?:\*|\{[^}]*\})[^"'`;]*\bfrom\s*["'])/m;

const caches = new Map<string, TransformCache>();

function cacheOf(root: string): TransformCache {
  let cache = caches.get(root);
  if (cache === undefined) {
    cache = openTransformCache(root, `alone ${transformVersion()}`);
    caches.set(root, cache);
  }
  return cache;
}

interface ScriptModule {
  exports: unknown;
}

function compile(file: string, code: string): ReturnType<typeof compileFunction> {
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  return compileFunction(code, names, { filename: file });
}

/** Compiled as it stands where that will do; with its types taken out where it has any. */
function compileText(file: string, text: string, root: string): ReturnType<typeof compileFunction> {
  const plain = plainScript(text);
  if (plain !== null) {
    try {
      return compile(file, plain);
    } catch {
      // It has types, or a mistake that the transform will find.
    }
  }
  const source = text.replace(/^#!.*/, "");
  return compile(
    file,
    cacheOf(root).get(source, () => transformScript(source)),
  );
}

function run(file: string, body: ReturnType<typeof compileFunction>, publicModule: object): unknown {
  const script: ScriptModule = { exports: {} };
  const require = (name: string): unknown => {
    if (name === "aludel") return publicModule;
    throw new OtherImport();
  };
  body.call(undefined, script.exports, require, script, file, dirname(file));
  return script.exports;
}

/**
 * Runs a file that imports nothing but "aludel", which is what nearly every revision and configuration is: without a
 * module loader, in a fraction of a millisecond. `null` when the file is of another kind or cannot be transformed or
 * compiled like this; it has then done nothing yet, and is to be loaded as a module.
 *
 * @throws what the file itself throws.
 */
export function evaluateAlone(
  file: string,
  text: string,
  options: { readonly root: string; readonly publicModule: object },
): { readonly exports: unknown } | null {
  if (otherImport.test(text) || laterImport.test(text) || needsThoroughTransform(text)) return null;
  try {
    const body = compileText(file, text.replace(/^\uFEFF/, ""), options.root);
    return { exports: run(file, body, options.publicModule) };
  } catch (thrown) {
    if (thrown instanceof OtherImport || (thrown instanceof Error && thrown.name === "SyntaxError"))
      return null;
    throw thrown;
  }
}
