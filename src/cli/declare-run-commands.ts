import { type Command, Option } from "commander";
import { duration } from "./argument.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

/** How long a run waits for another runner when nobody says. */
const defaultLockTimeoutMs = 60_000;

interface RunFlags {
  sql?: true;
  dryRun?: true;
  transaction: "each" | "all";
  lockTimeout: number;
  log?: "json";
  allowEdited?: true;
}

/** The commands that bring a database somewhere, or tell where it is. */
export function declareRunCommands(program: Command, act: Act): void {
  withRunOptions(program.command("upgrade"))
    .option("--seed", "run the seeds that are due then")
    .option("--approve <token>", "run what a plan says, and nothing else: aludel plan prints its token")
    .addOption(confirm())
    .summary("bring the database up")
    .description("Run the revisions that the database does not have yet, up to the target.")
    .argument("[target...]", "head, heads, an id, +1, label@head … (default: head); with --sql also from:to")
    .addHelpText(
      "after",
      examples(
        ["aludel upgrade", "to the head"],
        ["aludel upgrade --seed", "and run the seeds that are due then"],
        ["aludel upgrade +1", "one revision"],
        ["aludel upgrade 4f2a:head --sql > up.sql", "the SQL of a range, without a database"],
      ),
    )
    .action((targets: string[], given: RunFlags & { seed?: true; approve?: string; confirm?: string }) => {
      return act("upgrade", {
        targets: targets.length === 0 ? ["head"] : targets,
        seed: given.seed ?? false,
        approve: given.approve ?? null,
        confirm: given.confirm ?? null,
        ...runOptions(given),
      });
    });
  withRunOptions(program.command("downgrade"))
    .summary("take the database down")
    .description("Undo revisions of the database, down to the target.")
    .argument("<target>", "-1, an id, base, label@base …; with --sql from:to")
    .addHelpText(
      "after",
      examples(
        ["aludel downgrade -1", "undo the last revision"],
        ["aludel downgrade 4f2a --dry-run", "see what would be undone"],
        ["aludel downgrade base", "undo everything"],
      ),
    )
    .addOption(confirm())
    .action((target: string, given: RunFlags & { confirm?: string }) =>
      act("downgrade", { target, confirm: given.confirm ?? null, ...runOptions(given) }),
    );
  program
    .command("current")
    .summary("which revisions the database is at")
    .description(
      "Print the revisions that the database is at. Exit 0; with --check-heads 1 when it is not at the heads.",
    )
    .option("--check-heads", "exit 1 unless the database is at all heads")
    .addHelpText(
      "after",
      examples(
        ["aludel current", "the ids"],
        ["aludel current -v", "with file, message and when it ran"],
        ["aludel current --check-heads --env production", "is anything pending"],
      ),
    )
    .action(({ checkHeads = false }: { checkHeads?: boolean }) => act("current", { checkHeads }));
  program
    .command("stamp")
    .summary("say where the database is, without running anything")
    .description("Write into the version table that the database is at these revisions. No revision is run.")
    .argument("<target...>", "head, heads, base, an id …")
    .option("--purge", "forget what the version table says first, even what no file knows")
    .addOption(lockTimeout())
    .addOption(confirm())
    .addHelpText(
      "after",
      examples(
        ["aludel stamp head", "the database was made by other means and is up to date"],
        ["aludel stamp --purge 4f2a", "the version table is wrong"],
      ),
    )
    .action((targets: string[], given: { purge?: true; lockTimeout: number; confirm?: string }) =>
      act("stamp", {
        targets,
        purge: given.purge ?? false,
        lockTimeoutMs: given.lockTimeout,
        confirm: given.confirm ?? null,
      }),
    );
  program
    .command("ensure-version")
    .summary("make the version table if it is not there")
    .description("Make Aludel's own tables in the database if they are not there, and nothing else.")
    .addHelpText("after", examples(["aludel ensure-version --env staging", "before granting rights on them"]))
    .action(() => act("ensure-version", {}));
}

/** `--lock-timeout`, for every command that writes the version table. */
export function lockTimeout(): Option {
  return new Option("--lock-timeout <time>", "how long to wait for another runner: 500ms, 30s, 5m")
    .argParser(duration)
    .default(defaultLockTimeoutMs, "60s");
}

/** `--confirm`, for every command that a protected environment refuses without a word. */
export function confirm(): Option {
  return new Option("--confirm <environment>", "yes, this protected environment is meant");
}

/** `--log`, for every command that runs revisions. */
export function log(): Option {
  return new Option("--log <format>", "what happens as lines of JSON on stderr, instead of text").choices([
    "json",
  ]);
}

function withRunOptions(command: Command): Command {
  return command
    .option("--sql", "print the SQL instead of running it")
    .option("--dry-run", "tell what would run, and run nothing")
    .addOption(
      new Option("--transaction <which>", "a transaction for each revision, or one around all")
        .choices(["each", "all"])
        .default("each"),
    )
    .addOption(lockTimeout())
    .addOption(log())
    .option("--allow-edited", "go on although applied revisions were edited");
}

function runOptions(given: RunFlags) {
  return {
    sql: given.sql ?? false,
    dryRun: given.dryRun ?? false,
    transaction: given.transaction,
    lockTimeoutMs: given.lockTimeout,
    allowEdited: given.allowEdited ?? false,
    log: given.log ?? null,
  };
}
