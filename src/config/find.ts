import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AludelError } from "../error/error.js";

/** The names of a configuration file; in one folder the first of them wins. */
export const configNames = ["ts", "mts", "js", "mjs", "cjs", "json"].map(
  (ending) => `aludel.config.${ending}`,
);

/**
 * The configuration file for a working directory: `given` (of `--config`), or the first one found in the directory
 * and the folders above it.
 *
 * @throws AludelError `config-not-found`, with files whose names come near.
 */
export async function findConfig(directory: string, given: string | null): Promise<string> {
  if (given !== null) return givenConfig(resolve(directory, given));
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const entries = entriesOf(folder);
    const name = configNames.find((name) => entries.has(name));
    if (name !== undefined) return join(folder, name);
    if (folder === dirname(folder)) throw notFound(directory);
  }
}

async function givenConfig(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return file;
  throw new AludelError(
    "config-not-found",
    found ? "--config names a folder" : "--config names a file that is not there",
    {
      where: { file },
      remedy: found
        ? `Name the file itself, for example --config ${join(file, "aludel.config.ts")}.`
        : "Correct the path, or leave --config out to have the file looked for from the working directory upwards.",
    },
  );
}

function notFound(directory: string): AludelError {
  const near = [...entriesOf(directory)].filter(
    (name) => /aludel/i.test(name) && !/^node_modules$/.test(name),
  );
  return new AludelError(
    "config-not-found",
    `There is no aludel.config.ts in ${directory} or in any folder above it`,
    {
      details: near.map(
        (name) => `${name} is there, but not a name that is looked for: ${configNames.join(", ")}`,
      ),
      remedy:
        "Make one with `aludel init`, change to your project's folder, or name the file with --config FILE.",
    },
  );
}

/** The names in a folder, none when it cannot be read: the search goes on above it. */
function entriesOf(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}
