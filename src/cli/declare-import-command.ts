import { Argument, type Command } from "commander";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface ImportFlags {
  fromDatabase?: true;
  verify: boolean;
  rows: boolean;
}

/** The command that takes over what another tool did so far. */
export function declareImportCommand(program: Command, act: Act): void {
  program
    .command("import")
    .summary("continue the history of another tool")
    .description(
      "Write the revisions of another tool down as records: the same ids, parents, labels and dates. They are never run.",
    )
    .addArgument(new Argument("<tool>", "the tool").choices(["alembic"]))
    .argument("<folder...>", "where its revisions are: alembic/versions")
    .option("--from-database", "write what the chosen database has as a baseline, for new databases")
    .option("--no-verify", "with it: do not prove the baseline on a scratch database")
    .option("--no-rows", "with it: prove its schema only, without rows")
    .addHelpText(
      "after",
      examples(
        ["aludel import alembic alembic/versions", "the graph, to be seen and continued"],
        ["aludel import alembic alembic/versions --from-database --env production", "with a baseline"],
      ),
    )
    .action((tool: string, folders: string[], given: ImportFlags) =>
      act("import", {
        tool,
        folders,
        fromDatabase: given.fromDatabase ?? false,
        verify: given.verify,
        rows: given.rows,
      }),
    );
}
