/** A stream that text is written to. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** All that a command line touches of the process it runs in; tests hand over another one. */
export interface Terminal {
  /** The working directory. */
  readonly cwd: string;
  /** Environment variables. Those of a `.env` file are added. */
  readonly variables: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Colour is for terminals, and not for those who ask for none (no-color.org). */
export function wantsColour(stream: TextOutput, terminal: Terminal, allowed: boolean): boolean {
  const { NO_COLOR, TERM } = terminal.variables;
  return allowed && stream.isTTY === true && !NO_COLOR && TERM !== "dumb";
}

/** Somebody is there to be asked: at a terminal, and not on a build server, which may well give its commands one. */
export function canAsk({ stdin, stderr, variables }: Terminal, json: boolean): boolean {
  const isBuild = !["", "0", "false"].includes(variables["CI"] ?? "");
  return !json && !isBuild && stdin.isTTY === true && stderr.isTTY === true;
}
