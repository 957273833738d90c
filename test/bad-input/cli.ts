import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the built command as a shell does: no terminal, an environment that says nothing about databases. */
export function start(folder: string, words: readonly string[]): Running {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout?.on("data", (data: Buffer) => {
    text.stdout += data.toString();
  });
  child.stderr?.on("data", (data: Buffer) => {
    text.stderr += data.toString();
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (exit) => resolve({ exit, ...text })));
  return { process: child, ended };
}

/** Runs the built command to its end. */
export const command = (folder: string, ...words: readonly string[]): Promise<Ended> =>
  start(folder, words).ended;

/** What a failed command printed: nothing on stdout, an error with a code, and a way on. */
export function failure(ended: Ended): {
  readonly code: string | null;
  readonly remedy: string | null;
  readonly exit: number | null;
} {
  return {
    code: /error\[([\w-]+)\]/.exec(ended.stderr)?.[1] ?? null,
    remedy: /^→ (.+)/ms.exec(ended.stderr)?.[1] ?? null,
    exit: ended.exit,
  };
}
