import { readdir, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import type { Config } from "./config.js";

const modelEnding = /\.(?:[cm]?[jt]sx?|sql)$/;

/**
 * The files that the configured paths and globs name: absolute, each once, in the order of the configuration and sorted
 * within a glob: SQL files run in that order. A path that exists is taken as it is, even with brackets in it; a glob
 * leaves out node_modules and declaration files.
 *
 * @throws AludelError `models-not-found` naming the pattern that matches nothing, and files that are near.
 */
export async function resolveModels(config: Config): Promise<readonly string[]> {
  const wanted = config.schema.filter((pattern) => !pattern.startsWith("!"));
  const unwanted = config.schema
    .filter((pattern) => pattern.startsWith("!"))
    .map((pattern) => pattern.slice(1));
  if (wanted.length === 0) throw notConfigured(config);
  const files = new Set<string>();
  for (const pattern of wanted) {
    const found = await expand(config, pattern, unwanted);
    if (found.length === 0) throw await notFound(config, pattern);
    for (const file of [...found].sort()) files.add(file);
  }
  return [...files];
}

async function expand(
  config: Config,
  pattern: string,
  unwanted: readonly string[],
): Promise<readonly string[]> {
  const literal = await stat(pattern).catch(() => null);
  if (literal?.isFile()) return [pattern];
  if (literal?.isDirectory()) throw isFolder(config, pattern);
  const { glob } = await import("tinyglobby");
  return glob(globOf(config, pattern), {
    cwd: config.root,
    absolute: true,
    expandDirectories: false,
    ignore: ["**/node_modules/**", "**/*.d.{ts,mts,cts}", ...unwanted.map((one) => globOf(config, one))],
  });
}

/** Relative to the project's folder, whose own name is no glob whatever characters it has. */
function globOf(config: Config, pattern: string): string {
  return relative(config.root, pattern).replaceAll("\\", process.platform === "win32" ? "/" : "\\");
}

function notConfigured(config: Config): AludelError {
  return new AludelError("models-not-found", "The configuration does not say where the models are", {
    where: { file: config.file },
    remedy: 'Add `schema: "./src/schema.ts"`, a path or a glob, or a list of them.',
  });
}

function isFolder(config: Config, folder: string): AludelError {
  const name = relative(config.root, folder) || ".";
  return new AludelError("models-not-found", `\`schema\` names the folder ${name}, and not the files in it`, {
    where: { file: config.file },
    remedy: `Write a glob: "./${name}/**/*.ts".`,
  });
}

async function notFound(config: Config, pattern: string): Promise<AludelError> {
  const folder = await existingFolder(pattern);
  const names = (await readdir(folder)).filter((name) => modelEnding.test(name)).sort();
  const near = suggest(basename(pattern), names);
  const shown = names.slice(0, 8);
  return new AludelError("models-not-found", `No file matches "${relative(config.root, pattern)}"`, {
    where: { file: config.file },
    details: [
      `looked in ${folder}`,
      shown.length === 0
        ? "there is no file of code or SQL in it"
        : `there ${shown.length === 1 ? "is" : "are"} ${shown.join(", ")}${names.length > shown.length ? " …" : ""}`,
    ],
    data: { pattern, folder, files: shown },
    remedy:
      near === null
        ? "Correct `schema` in the configuration; relative paths start at the folder of the configuration file."
        : `Did you mean "${relative(config.root, resolve(folder, near))}"? Correct \`schema\` in the configuration.`,
  });
}

/** The deepest folder of a pattern that exists. */
async function existingFolder(pattern: string): Promise<string> {
  for (let folder = dirname(pattern); ; folder = dirname(folder)) {
    const found = /[*?[\]{}]/.test(folder) ? null : await stat(folder).catch(() => null);
    if (found?.isDirectory() || folder === dirname(folder)) return folder;
  }
}
