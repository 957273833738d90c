import { type Command, Option } from "commander";
import { countFromOne } from "./argument.js";
import { confirm, lockTimeout } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

/** The commands that a deploy is made of, and that can be run alone. */
export function declareBackupCommands(program: Command, act: Act): void {
  program
    .command("backup")
    .summary("back the database up, and look at the backup")
    .description(
      "Back the database up, verify the backup, and name it after revision, time and database. No migration runs meanwhile. What cannot be verified is thrown away.",
    )
    .option("--folder <folder>", "where it is put (default: backup.folder of the environment, else backups)")
    .addOption(
      new Option(
        "--jobs <number>",
        "how many tables are dumped at once; the backup is then a folder",
      ).argParser(countFromOne),
    )
    .addOption(lockTimeout())
    .addHelpText(
      "after",
      examples(
        ["aludel backup --env production", "into the folder of the environment"],
        ["aludel backup --env production --jobs 4", "PostgreSQL: four tables at once"],
      ),
    )
    .action((given: { folder?: string; jobs?: number; lockTimeout: number }) =>
      act("backup", {
        folder: given.folder ?? null,
        jobs: given.jobs ?? null,
        lockTimeoutMs: given.lockTimeout,
      }),
    );
  program
    .command("restore")
    .summary("put what a backup has into the database")
    .description(
      "Verify a backup and put what it has into the database, all of it or nothing. The database has to be empty, unless --replace is written. No migration runs meanwhile.",
    )
    .argument("<file>", "a backup: a file, or the folder that --jobs has made")
    .option("--replace", "what is in the database goes")
    .option("--no-owner", "leave out who owns what, and who may do what (PostgreSQL)")
    .addOption(confirm())
    .addOption(lockTimeout())
    .addHelpText(
      "after",
      examples(
        ["aludel restore backups/4f2a_20261122T092530Z_app.dump --env staging", "into an empty database"],
        [
          "aludel restore backups/4f2a_20261122T092530Z_app.dump --env staging --replace",
          "in the place of what is there",
        ],
      ),
    )
    .action(
      (file: string, given: { replace?: true; owner: boolean; confirm?: string; lockTimeout: number }) =>
        act("restore", {
          file,
          replace: given.replace ?? false,
          owner: given.owner,
          confirm: given.confirm ?? null,
          lockTimeoutMs: given.lockTimeout,
        }),
    );
  program
    .command("smoke-test")
    .summary("does what was deployed work?")
    .description(
      "Ask the smoke checks of the environment: URLs, queries, statements that are rolled back, commands. Exit 1 where one fails.",
    )
    .addHelpText("after", examples(["aludel smoke-test --env production", "after a deploy, or at any time"]))
    .action(() => act("smoke-test", {}));
}
