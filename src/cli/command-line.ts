import { CommanderError } from "commander";
import { version } from "../run/tool-version.js";
import { type CommandModule, commandModules } from "./command-modules.js";
import type { FailureStyle } from "./failure.js";
import type { CommandName, CommandOptions, ExitCode, GlobalOptions } from "./options.js";
import { buildProgram } from "./program.js";
import type { Terminal } from "./terminal.js";

/**
 * Runs one command line and resolves with its exit code: 0 yes · 1 no · 2 could not answer · 3 a bug in Aludel.
 * Never throws. `words` are the arguments after the program's name.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let exit = 0;
  // Options may be wrong, so that the parser has no say yet in how an error is printed.
  let style: FailureStyle = {
    json: words.includes("--json"),
    colour: !words.includes("--no-color"),
    verbose: false,
    log: words.includes("--log=json") || words[words.indexOf("--log") + 1] === "json" ? "json" : null,
  };
  let hidden: readonly string[] = [];
  const program = buildProgram(
    version,
    async (name, options, globals) => {
      style = { ...globals, log: logOf(options) };
      exit = await runCommand(name, options, globals, terminal, {
        failureIsLogged: () => {
          style = { ...style, log: "told" };
        },
        hide: (urls) => {
          hidden = urls;
        },
      });
    },
    {
      write: (text) => terminal.stdout.write(text),
      writeError: (text) => terminal.stderr.write(text),
      columns: terminal.stdout.columns ?? 100,
    },
  );
  try {
    await program.parseAsync(words, { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const { reportFailure } = await import("./failure.js");
    return reportFailure(error, terminal, { ...style, hidden }, version);
  }
}

function logOf(options: object): "json" | null {
  return "log" in options && options.log === "json" ? "json" : null;
}

async function runCommand<N extends CommandName>(
  name: N,
  options: CommandOptions[N],
  globals: GlobalOptions,
  terminal: Terminal,
  told: { readonly failureIsLogged: () => void; readonly hide: (urls: readonly string[]) => void },
): Promise<ExitCode> {
  if (globals.url !== null && globals.env !== null) {
    const { AludelError } = await import("../error/error.js");
    throw new AludelError("usage", "--url and --env both choose a database", {
      remedy: "Leave one of them out.",
    });
  }
  const load: () => Promise<CommandModule<N>> = commandModules[name];
  const [command, { createContext }] = await Promise.all([load(), import("./context.js")]);
  const createLog = logOf(options) === null ? null : (await import("../observe/json-log.js")).createJsonLog;
  const { failureIsLogged } = told;
  const context = createContext(terminal, globals, { command: name, createLog, failureIsLogged });
  told.hide(context.hidden);
  try {
    return await command.run(context, options);
  } catch (error) {
    const { explainUnknown } = await import("./explain-unknown.js");
    throw await explainUnknown(context, error);
  } finally {
    await context.close();
  }
}
