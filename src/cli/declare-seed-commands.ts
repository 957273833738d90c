import type { Command } from "commander";
import { lockTimeout } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface SeedFlags {
  list?: true;
  dryRun?: true;
  force?: true;
  lockTimeout: number;
}

/** The commands for reference data. */
export function declareSeedCommands(program: Command, act: Act): void {
  program
    .command("seed")
    .summary("put reference data into the database")
    .description(
      "Run the seeds, files of the folder seeds/, that this database does not have, that have changed since they ran, or that ran before revisions were taken back. Each runs in a transaction of its own. The database has to be at the head.",
    )
    .argument("[name...]", "these seeds (default: all)")
    .option("--list", "tell where each seed is, and run none")
    .option("--dry-run", "tell what would run, and run nothing")
    .option("--force", "run those, too, that ran and have not changed since")
    .addOption(lockTimeout())
    .addHelpText(
      "after",
      examples(
        ["aludel seed", "what is due"],
        ["aludel seed --list --env production", "what ran there, and when"],
        ["aludel seed countries --force", "one, whatever it did before"],
      ),
    )
    .action((names: string[], given: SeedFlags) =>
      act("seed", {
        names,
        list: given.list ?? false,
        dryRun: given.dryRun ?? false,
        force: given.force ?? false,
        lockTimeoutMs: given.lockTimeout,
      }),
    );
  program
    .command("check-seeds")
    .summary("are the rows there that the seeds bring?")
    .description(
      "Run each seed in a transaction that is rolled back, and tell which rows it would have added or changed. What they bring is there where they change nothing. Exit 1 where rows are missing.",
    )
    .argument("[name...]", "these seeds (default: all)")
    .addHelpText(
      "after",
      examples(
        ["aludel check-seeds --env production", "after a deploy"],
        ["aludel check-seeds countries --json", "one of them, for a machine"],
      ),
    )
    .action((names: string[]) => act("check-seeds", { names }));
}
