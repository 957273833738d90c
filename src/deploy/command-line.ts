import { spawn } from "node:child_process";
import { redact } from "../error/redact.js";

export interface CommandOptions {
  /** The folder that it runs in. */
  readonly directory: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** How a command of the user's own ended; `code` is `null` where it was stopped, or could not be started. */
export interface CommandEnd {
  readonly code: number | null;
  /** The last lines that it has said, safe to print. */
  readonly said: readonly string[];
}

const keptCharacters = 20_000;

/** Runs a line in the system's shell. When the signal comes it is stopped, with all that it has started. */
export async function runCommandLine(
  line: string,
  { directory, variables, signal }: CommandOptions,
): Promise<CommandEnd> {
  if (signal.aborted) return { code: null, said: ["it was not started"] };
  const ownGroup = process.platform !== "win32";
  const child = spawn(line, {
    shell: true,
    cwd: directory,
    env: variables,
    detached: ownGroup,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-keptCharacters);
    });
  }
  const stop = () => stopAll(child.pid, ownGroup, () => child.kill());
  signal.addEventListener("abort", stop, { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      said += error.message;
      resolve(null);
    });
    child.on("close", resolve);
  });
  signal.removeEventListener("abort", stop);
  return { code, said: lastLines(said) };
}

/** The shell alone would leave behind what it has started. */
function stopAll(pid: number | undefined, ownGroup: boolean, stopShell: () => void): void {
  try {
    if (pid === undefined || !ownGroup) stopShell();
    else process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

function lastLines(text: string): readonly string[] {
  return redact(text)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-10);
}
