import { type Command, InvalidArgumentError } from "commander";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface ExplainFlags {
  timeline?: true;
  serverVersion?: number;
  dialect?: string;
}

function majorVersion(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version > 0) return version;
  throw new InvalidArgumentError("Write a major version, such as 16.");
}

/** The command that says what each statement locks and does. */
export function declareExplainCommand(program: Command, act: Act): void {
  program
    .command("explain")
    .summary("what does each statement lock, and for how long?")
    .description(
      "Tell of each statement what it locks, and what is done under the lock: what is written anew, read, indexed and\nchecked. Of files of SQL, or of revisions (default: the heads). No database is asked.",
    )
    .argument("[target...]", "files or folders of SQL, as one history; or revisions: 4f2a, head, 9c1d:head")
    .option("--timeline", "draw which tables are locked from which statement to which")
    .option("--server-version <version>", "major version of the server, 11 to 18", majorVersion)
    .option("--dialect <name>", "the engine of the files, where there is no configuration")
    .addHelpText(
      "after",
      examples(
        ["aludel explain", "the newest revision"],
        ["aludel explain 4f2a:head --server-version 14", "a range of them, on PostgreSQL 14"],
        ["aludel explain migrations/*.sql --json", "the files of another tool, for a machine"],
      ),
    )
    .action((targets: string[], { timeline, serverVersion, dialect }: ExplainFlags) =>
      act("explain", {
        targets,
        timeline: timeline ?? false,
        serverVersion: serverVersion ?? null,
        dialect: dialect ?? null,
      }),
    );
}
