import { CommanderError } from "commander";
import { AludelError } from "../error/error.js";
import { bugToJson, errorToJson, formatBug, formatError } from "../error/format.js";
import type { GlobalOptions } from "./options.js";
import { toJson } from "./print/json.js";
import { type Terminal, wantsColour } from "./terminal.js";

/**
 * Prints what a command ended with, as text on stderr or, with `--json`, as `{ "error": … }` on stdout, and gives
 * the exit code.
 */
export function reportFailure(
  thrown: unknown,
  terminal: Terminal,
  style: Pick<GlobalOptions, "json" | "colour" | "verbose">,
  version: string,
): number {
  const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
  const known = error instanceof AludelError ? error : null;
  if (style.json) {
    terminal.stdout.write(`${toJson({ error: known ? errorToJson(known) : bugToJson(error, version) })}\n`);
  } else {
    const options = {
      directory: terminal.cwd,
      colour: wantsColour(terminal.stderr, terminal, style.colour),
      verbose: style.verbose,
    };
    terminal.stderr.write(`${known ? formatError(known, options) : formatBug(error, version, options)}\n`);
  }
  return known?.exit ?? 3;
}

/** `error: unknown option '--jsn'` and on the next line `(Did you mean --json?)` */
function usageError(error: CommanderError): AludelError {
  const [first = "", ...others] = error.message.split("\n");
  const suggestion = others
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  return new AludelError("usage", first.replace(/^error: /, ""), {
    remedy: `${suggestion === "" ? "" : `${suggestion} `}See the command's --help.`,
  });
}
