import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";
import { runCommandLine } from "../../src/cli/command-line.js";
import { temporaryFolder } from "../temporary-folder.js";
import { root } from "./blocks.js";

/** What `npx aludel` is in the pages that are run; `npm run build` makes it. */
export const main = join(root, "dist/cli/main.js");

/** A folder for the `PATH`: `npx aludel` is this checkout, what would be installed is there already, and more scripts. */
export function commandFolder(more: Readonly<Record<string, string>> = {}): string {
  const scripts = {
    npx: `#!/bin/sh\n[ "$1" = aludel ] || exit 1\nshift\nexec "${process.execPath}" "${main}" "$@"\n`,
    npm: `#!/bin/sh\n[ "$1" = install ] && exit 0\nPATH="$OLD_PATH" exec npm "$@"\n`,
    ...more,
  };
  const folder = temporaryFolder(scripts);
  for (const name of Object.keys(scripts)) chmodSync(join(folder, name), 0o755);
  return folder;
}

/** A project finds the packages of this checkout, and this checkout as `aludel`. */
export function linkPackages(folder: string): void {
  const own = join(folder, "node_modules");
  mkdirSync(own);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(own, name));
  }
  symlinkSync(root, join(own, "aludel"));
}

export interface Ran {
  readonly exit: number;
  /** stdout and stderr in the order in which they were written. */
  readonly text: string;
}

/** The words of `npx aludel …`; `null` for what only a shell can run. */
function aludelWords(line: string): readonly string[] | null {
  if (!line.startsWith("npx aludel ") || /[$`|&;<>(){}*?~\\]/.test(line.replace(/'[^']*'/g, ""))) return null;
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.slice(2).map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/**
 * Runs a line: `npx aludel …` in this process, where what was loaded once need not be loaded again, and in a shell whatever needs
 * one.
 */
export async function play(
  line: string,
  folder: string,
  commands: string,
  more: Readonly<Record<string, string>>,
): Promise<Ran> {
  const words = aludelWords(line);
  if (words === null) return runLine(line, folder, commands, more);
  const written: string[] = [];
  const output = { isTTY: false, columns: 120, write: (text: string) => written.push(text) };
  const exit = await runCommandLine(words, {
    cwd: folder,
    variables: variablesOf(commands, more),
    stdin: Object.assign(new PassThrough().end(), { isTTY: false }),
    stdout: output,
    stderr: output,
    signal: new AbortController().signal,
  });
  return { exit, text: written.join("") };
}

function variablesOf(commands: string, more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ALUDEL_ENV: __, ...variables } = process.env;
  const path = [commands, more["PATH"], process.env["PATH"]].filter((part) => part !== undefined);
  return { ...variables, ...more, OLD_PATH: process.env["PATH"], PATH: path.join(delimiter) };
}

/** Runs a line in a shell. */
export function runLine(
  line: string,
  folder: string,
  commands: string,
  more: Readonly<Record<string, string>> = {},
): Ran {
  const file = join(commands, "output");
  const output = openSync(file, "w");
  const { status } = spawnSync("sh", ["-c", line], {
    cwd: folder,
    env: variablesOf(commands, more),
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return { exit: status ?? -1, text: readFileSync(file, "utf8") };
}
