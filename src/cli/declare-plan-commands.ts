import { type Command, InvalidArgumentError, Option } from "commander";
import { confirm, lockTimeout, log } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface RolloutFlags {
  status?: true;
  parallel?: number;
  maxFailures?: number;
  lockTimeout: number;
  log?: "json";
  confirm?: string;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError("Write a whole number.");
}

/** The commands that look at databases before a deploy, and that upgrade many of them. */
export function declarePlanCommands(program: Command, act: Act): void {
  program
    .command("rollout")
    .summary("upgrade many databases, wave after wave")
    .description(
      "Upgrade the databases of the configured fleet: one first, then some, then the rest. When more have failed than may, no other one is begun; the same command goes on where it stopped.",
    )
    .argument("[target...]", "as of upgrade (default: head)")
    .option("--status", "tell where each database is, and run nothing")
    .option("--parallel <count>", "how many at a time (default: fleet.parallel)", wholeNumber)
    .option("--max-failures <count>", "as many may fail (default: fleet.maxFailures)", wholeNumber)
    .addOption(lockTimeout())
    .addOption(log())
    .addOption(confirm())
    .addHelpText(
      "after",
      examples(
        ["aludel rollout --status", "where they are"],
        ["aludel rollout", "one, then a tenth, then the rest"],
      ),
    )
    .action((targets: string[], given: RolloutFlags) =>
      act("rollout", {
        targets: targets.length === 0 ? ["head"] : targets,
        status: given.status ?? false,
        parallel: given.parallel ?? null,
        maxFailures: given.maxFailures ?? null,
        lockTimeoutMs: given.lockTimeout,
        log: given.log ?? null,
        confirm: given.confirm ?? null,
      }),
    );
  program
    .command("doctor")
    .summary("what is wrong here, and what mends it?")
    .description(
      "Look at the configuration, the models, the revisions and the database, and tell of everything that commands stumble over, with the command that mends it. Exit 0: nothing is wrong; 1: something is.",
    )
    .addHelpText(
      "after",
      examples(
        ["aludel doctor", "when something does not work"],
        ["aludel doctor --env production", "before a deploy"],
      ),
    )
    .action(() => act("doctor", {}));
  program
    .command("plan")
    .summary("what would an upgrade do to this database, and what would it meet?")
    .description(
      "Tell of each revision that the database does not have what it locks and for how long, what it destroys, whether code that is deployed now survives it, and how it is undone; and what goes on in the database. It is only read.",
    )
    .argument("[target...]", "as of upgrade (default: head)")
    .addOption(
      new Option("--format <form>", "the form of the answer").choices(["text", "markdown"]).default("text"),
    )
    .addHelpText(
      "after",
      examples(
        ["aludel plan --env production", "before it is deployed"],
        ["aludel plan --env production --format markdown", "for the pull request"],
      ),
    )
    .action((targets: string[], { format }: { format: "text" | "markdown" }) =>
      act("plan", { targets: targets.length === 0 ? ["head"] : targets, format }),
    );
}
