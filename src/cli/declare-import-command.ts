import { Argument, type Command } from "commander";
import { lockTimeout } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface ImportFlags {
  stamp?: true;
  table?: string;
  allowEdited?: true;
  dryRun?: true;
  lockTimeout: number;
  fromDatabase?: true;
  verify: boolean;
  rows: boolean;
}

/** Listed here, so that the help of all commands loads none of their code. */
const toolNames = ["alembic", "drizzle", "prisma", "dbmate", "flyway", "knex"];

/** The command that takes over what another tool did so far. */
export function declareImportCommand(program: Command, act: Act): void {
  program
    .command("import")
    .summary("continue the history of another tool")
    .description(
      "Write the migrations of another tool as revisions: SQL is taken over with its way back, code is only recorded. None is run.\nWhat was imported before stays as it is.",
    )
    .addArgument(new Argument("<tool>", "the tool").choices(toolNames))
    .argument("<folder...>", "where its migrations are: drizzle, prisma/migrations, alembic/versions")
    .option("--stamp", "mark the chosen database as being where the tool's own table says")
    .option("--table <name>", "that table, if it is not in its usual place: name or schema.name")
    .option("--allow-edited", "go on although files were changed since they ran")
    .option("--dry-run", "tell what would be written and stamped, and do nothing")
    .addOption(lockTimeout())
    .option("--from-database", "write what the chosen database has as a baseline, for new databases")
    .option("--no-verify", "with it: do not prove the baseline on a scratch database")
    .option("--no-rows", "with it: prove its schema only, without rows")
    .addHelpText(
      "after",
      examples(
        ["aludel import drizzle drizzle", "the revisions, with their SQL"],
        ["aludel import prisma prisma/migrations --stamp --env production", "and where production is"],
        ["aludel import knex migrations --from-database --stamp", "code: with a baseline for new databases"],
        ["aludel import alembic alembic/versions", "the graph, to be seen and continued"],
      ),
    )
    .action((tool: string, folders: string[], given: ImportFlags) =>
      act("import", {
        tool,
        folders,
        stamp: given.stamp ?? false,
        table: given.table ?? null,
        allowEdited: given.allowEdited ?? false,
        dryRun: given.dryRun ?? false,
        lockTimeoutMs: given.lockTimeout,
        fromDatabase: given.fromDatabase ?? false,
        verify: given.verify,
        rows: given.rows,
      }),
    );
}
