import { PassThrough } from "node:stream";
import { runCommandLine } from "../../src/cli/command-line.js";

export interface Result {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly variables?: NodeJS.ProcessEnv;
  /** What a person types at a terminal; without it there is none. */
  readonly answers?: readonly string[];
  /** Nothing comes after the answers. */
  readonly end?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs a command line in a folder, in this process, and gives what it printed. */
export async function aludel(
  cwd: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  const isTTY = options.answers !== undefined;
  const output = () => {
    const parts: string[] = [];
    return { isTTY, columns: 120, write: (text: string) => parts.push(text), text: () => parts.join("") };
  };
  const stdout = output();
  const stderr = output();
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.write((options.answers ?? []).map((answer) => `${answer}\n`).join(""));
  if (options.end === true) stdin.end();
  const exit = await runCommandLine(words, {
    cwd,
    variables: { ...options.variables },
    stdin,
    stdout,
    stderr,
    signal: options.signal ?? new AbortController().signal,
  });
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}
