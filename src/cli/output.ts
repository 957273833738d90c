import { styleText } from "node:util";
import { redact, redactKnown } from "../error/redact.js";
import { toJson } from "./print/json.js";
import { type Terminal, wantsColour } from "./terminal.js";

/** The styles that text is printed in. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/**
 * Where a command says things. stdout has the answer and nothing else: one JSON document with `--json`, text
 * without. stderr has what is said on the way.
 */
export interface Output {
  /** The answer for a machine: printed with `--json`, otherwise not. Call it once. */
  data(value: unknown): void;
  /** The answer for a person: printed without `--json`, otherwise not. A line end is added unless there is one. */
  text(text: string): void;
  /** As `text`, with the passwords that are in it: only for who has asked for them. */
  secret(text: string): void;
  /** What happens meanwhile, to stderr; not with `--quiet`. */
  talk(text: string): void;
  /** What should not be overlooked, to stderr, even with `--quiet`. */
  warn(text: string): void;
  /** The text in a style, if stdout is a terminal that shows it. */
  style(style: Style, text: string): string;
  /** How many characters fit into a line of stdout. */
  readonly columns: number;
  /** Whether `status` is seen by anybody. */
  readonly hasStatus: boolean;
  /** A line at the end of stderr that is replaced as things go on; nothing where stderr is not a terminal. */
  status(line: string | null): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly colour: boolean;
  readonly quiet: boolean;
  /** URLs whose passwords must not be printed. */
  readonly secrets: () => readonly string[];
  /** Takes what would go to stderr as text; `null` where text it is. */
  readonly log: ((level: "info" | "warn", text: string) => void) | null;
}

/** Writes to a terminal. Passwords are taken out of everything, as the last line of defence. */
export function createOutput(terminal: Terminal, options: OutputOptions): Output {
  const { stdout, stderr } = terminal;
  const colour = wantsColour(stdout, terminal, options.colour);
  const { log } = options;
  const rewrites =
    log === null && stderr.isTTY === true && !options.quiet && terminal.variables["TERM"] !== "dumb";
  let status: string | null = null;

  const write = (text: string) => {
    const line = text.endsWith("\n") ? text : `${text}\n`;
    withoutStatus(() => stdout.write(line));
  };
  // SQL and JSON may hold URLs of the user's own, which are data: only our own secrets are taken out.
  const answer = (text: string) => write(redactKnown(text, options.secrets()));
  const say = (text: string) => {
    withoutStatus(() => stderr.write(`${redactKnown(redact(text), options.secrets())}\n`));
  };
  const withoutStatus = (write: () => void) => {
    if (status === null) return write();
    stderr.write("\r\u001b[K");
    write();
    stderr.write(status);
  };

  return {
    data: (value) => {
      if (options.json) answer(toJson(value));
    },
    text: (text) => {
      if (!options.json && text !== "") answer(text);
    },
    secret: (text) => {
      if (!options.json) write(text);
    },
    talk: (text) => {
      if (log !== null) log("info", text);
      else if (!options.quiet) say(text);
    },
    warn: (text) => {
      if (log !== null) log("warn", text);
      else say(text);
    },
    hasStatus: rewrites,
    columns: stdout.columns ?? 100,
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    status: (line) => {
      if (!rewrites) return;
      const shown = line === null ? null : redact(line).slice(0, Math.max(20, (stderr.columns ?? 80) - 1));
      if (status !== null || shown !== null) stderr.write(`\r\u001b[K${shown ?? ""}`);
      status = shown;
    },
  };
}
