import { CommanderError } from "commander";
import { AludelError } from "../error/error.js";
import { bugToJson, errorToJson, formatBug, formatError } from "../error/format.js";
import { redact, redactKnown } from "../error/redact.js";
import { cleaned } from "../observe/cleaned.js";
import { failureOf } from "../run/event.js";
import type { GlobalOptions } from "./options.js";
import { meantByOther } from "./other-words.js";
import { toJson } from "./print/json.js";
import { type Terminal, wantsColour } from "./terminal.js";

/** How a failure is told. `log`: in a line of JSON on stderr instead of text; `told`: there it stands already. */
export interface FailureStyle extends Pick<GlobalOptions, "json" | "colour" | "verbose"> {
  readonly log: "json" | "told" | null;
}

/**
 * Prints what a command ended with, as text on stderr or, with `--json`, as `{ "error": … }` on stdout, and gives
 * the exit code.
 */
export function reportFailure(
  thrown: unknown,
  terminal: Terminal,
  style: FailureStyle & { readonly hidden: readonly string[] },
  version: string,
): number {
  const { hidden } = style;
  const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
  const known = error instanceof AludelError ? error : null;
  if (style.log === "json") terminal.stderr.write(logLine(error));
  if (style.json) {
    const text = toJson({ error: known ? errorToJson(known) : bugToJson(error, version) });
    terminal.stdout.write(`${redactKnown(text, hidden)}\n`);
  } else if (style.log === null) {
    const options = {
      directory: terminal.cwd,
      colour: wantsColour(terminal.stderr, terminal, style.colour),
      verbose: style.verbose,
    };
    const text = known ? formatError(known, options) : formatBug(error, version, options);
    terminal.stderr.write(`${redactKnown(text, hidden)}\n`);
  }
  return known?.exit ?? 3;
}

/** As `--log json` has it, of what happened before there was a run to tell of. */
function logLine(error: unknown): string {
  const { code, message, details, remedy } = failureOf(error);
  const timestamp = new Date().toISOString();
  const line = { timestamp, level: "error", event: "error", message, logger: "aludel" };
  const record = { ...line, error: { kind: code, message, details, remedy } };
  return `${JSON.stringify(cleaned(record, redact))}\n`;
}

/** `error: unknown option '--jsn'` and on the next line `(Did you mean --json?)` */
function usageError(error: CommanderError): AludelError {
  const [first = "", ...others] = error.message.split("\n");
  const near = others
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  const [, kind, word = ""] = /unknown (command|option) '(.*)'/s.exec(first) ?? [];
  const meant = kind === "command" || kind === "option" ? meantByOther(kind, word) : null;
  const suggestion = meant === null ? near : `Did you mean ${meant}?`;
  return new AludelError("usage", first.replace(/^error: /, ""), {
    remedy: `${suggestion === "" ? "" : `${suggestion} `}See the command's --help.`,
  });
}
