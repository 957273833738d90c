import { Command } from "commander";
import { collectPair } from "./argument.js";
import { declareBackfillCommand } from "./declare-backfill-command.js";
import { declareBackupCommands } from "./declare-backup-commands.js";
import { declareDeployCommands } from "./declare-deploy-commands.js";
import { declareExplainCommand } from "./declare-explain-command.js";
import { declareGateCommands } from "./declare-gate-commands.js";
import { declareGraphCommands } from "./declare-graph-commands.js";
import { declareImportCommand } from "./declare-import-command.js";
import { declareLintCommand } from "./declare-lint-command.js";
import { declarePlanCommands } from "./declare-plan-commands.js";
import { declareReshapeCommands } from "./declare-reshape-commands.js";
import { declareRunCommands } from "./declare-run-commands.js";
import { declareSchemaCommands } from "./declare-schema-commands.js";
import { declareSeedCommands } from "./declare-seed-commands.js";
import { declareTestDatabaseCommand } from "./declare-test-database-command.js";
import { declareTraceCommand } from "./declare-trace-command.js";
import { examples } from "./help-examples.js";
import type { Act, CommandName, CommandOptions, GlobalOptions } from "./options.js";

/** Carries out a command; its code is not loaded before. */
export type RunCommand = <N extends CommandName>(
  name: N,
  options: CommandOptions[N],
  globals: GlobalOptions,
) => Promise<void>;

/** Where help is written to, and how wide. */
export interface HelpOutput {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly columns: number;
}

/**
 * The whole command line: commands, options and their help. Nothing is run here but `run`. What cannot be
 * understood, help and version are thrown as a `CommanderError`.
 */
export function buildProgram(version: string, run: RunCommand, output: HelpOutput): Command {
  const program = new Command("aludel")
    .description(
      "Schema migrations for TypeScript: from your models to reviewed, reversible, proved revisions.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: output.write,
      writeErr: output.writeError,
      outputError: () => undefined,
      getOutHelpWidth: () => output.columns,
      getErrHelpWidth: () => output.columns,
    })
    .configureHelp({ showGlobalOptions: true, sortOptions: false })
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .option("--config <file>", "the configuration file (default: aludel.config.* here or above)")
    .option("--env <name>", "the environment to work with (also: ALUDEL_ENV)")
    .option("--url <url>", "the database to work with, instead of an environment")
    .option("-x <key=value>", "a value for the configuration and the revisions; may be repeated", collectPair)
    .option("--json", "answer in JSON on stdout")
    .option("--no-color", "no colours (also: NO_COLOR)")
    .option("-q, --quiet", "no talk on stderr, only errors")
    .option("-v, --verbose", "tell more, and the causes of an error")
    .addHelpText("after", programExamples);
  const act: Act = (name, options) => run(name, options, globalOptions(program));
  declareSchemaCommands(program, act);
  declareTraceCommand(program, act);
  declareTestDatabaseCommand(program, act);
  declareRunCommands(program, act);
  declarePlanCommands(program, act);
  declareBackfillCommand(program, act);
  declareDeployCommands(program, act);
  declareBackupCommands(program, act);
  declareSeedCommands(program, act);
  declareGraphCommands(program, act);
  declareLintCommand(program, act);
  declareExplainCommand(program, act);
  declareGateCommands(program, act);
  declareReshapeCommands(program, act);
  declareImportCommand(program, act);
  return program;
}

function globalOptions(program: Command): GlobalOptions {
  const given = program.opts<{
    config?: string;
    env?: string;
    url?: string;
    x?: Readonly<Record<string, string>>;
    json?: true;
    color: boolean;
    quiet?: true;
    verbose?: true;
  }>();
  return {
    config: given.config ?? null,
    env: given.env ?? null,
    url: given.url ?? null,
    arguments: given.x ?? {},
    json: given.json ?? false,
    colour: given.color,
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
  };
}

const programExamples = `${examples(
  ["aludel init", "write a configuration for this project"],
  ['aludel revision --autogenerate -m "add email"', "write a revision from what changed in the models"],
  ["aludel upgrade", "bring the database to the head"],
  ["aludel history -v", "see all revisions"],
)}

Exit codes: 0 yes, clean, done; 1 no; 2 could not answer; 3 a bug in Aludel.`;
