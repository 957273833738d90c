import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AludelError } from "../../error/error.js";

const missing = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && missing.has(String((thrown as { code?: unknown }).code));
}

/** Where a package is: the one of the user's project first, because it is the version that their application has. */
export function findPackage(name: string, directory: string): string | null {
  for (const from of [join(directory, "package.json"), import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
  }
  return null;
}

/**
 * Imports an optional package. CommonJS or not, its exports are what comes back.
 *
 * @throws AludelError `dependency-missing` with the command that installs it.
 */
export async function loadPackage<T>(name: string, directory: string, purpose: string): Promise<T> {
  const file = findPackage(name, directory);
  if (file === null) {
    throw new AludelError(
      "dependency-missing",
      `${purpose} needs the package ${name}, which is not installed`,
      {
        remedy: `Run \`npm install --save-dev ${name}\`.`,
        data: { package: name },
      },
    );
  }
  const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  return (module.default !== undefined && typeof module.default === "object" ? module.default : module) as T;
}
