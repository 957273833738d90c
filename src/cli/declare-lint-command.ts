import { type Command, InvalidArgumentError, Option } from "commander";
import { readVersion } from "../config/server-version.js";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import { type Act, type LintFormat, lintFormats } from "./options.js";

interface LintFlags {
  since?: string;
  all?: true;
  fromFile?: string[];
  after?: string[];
  explain?: string | true;
  format: LintFormat;
  output?: string;
  serverVersion?: readonly number[];
  rule?: readonly string[];
  failOn?: "error" | "warning" | "info";
  downgrades: boolean;
  transaction: boolean;
  baseline?: string;
  writeBaseline?: string | true;
  stats?: string;
  writeStats?: string;
  dialect?: string;
  obligations?: true;
  fix?: true;
  expand?: true;
  dryRun?: true;
}

/** `14,16` */
function versions(text: string): readonly number[] {
  const found = text.split(",").map(readVersion);
  const known = found.filter((one) => one !== null);
  if (known.length === found.length) return known;
  throw new InvalidArgumentError("Write major versions, such as 16 or 14,17, or 3.35 for SQLite.");
}

/** The command that says what revisions would do to a database that is in use. */
export function declareLintCommand(program: Command, act: Act): void {
  program
    .command("lint")
    .summary("what will the revisions do to a database in use?")
    .description(
      "Tell what revisions, or files of SQL, would lock, rewrite, destroy and break. No database is asked. Without a target the new revisions are looked at: those that git's main branch does not have.",
    )
    .argument("[target...]", "revisions, by target or range: 4f2a, head, 9c1d:head")
    .option("--since <ref>", "what is new or changed since a branch or commit of git")
    .option("--all", "every revision")
    .option("--from-file <file...>", "files or folders of SQL, of whichever tool, as one history")
    .option("--after <file...>", "files or folders of SQL that came before them, and are not looked at")
    .option("--explain [rule]", "print a rule with its reasons and examples, or the list of rules")
    .addOption(new Option("--format <form>", "the form of the answer").choices(lintFormats).default("text"))
    .option("-o, --output <file>", "write the answer to a file")
    .option(
      "--server-version <versions>",
      "major versions of the servers: 16, or 14,17; 3.35 for SQLite",
      versions,
    )
    .option("--rule <rule=severity>", "error, warning, info or off; may be repeated", collect)
    .addOption(
      new Option("--fail-on <severity>", "what makes the answer a no").choices(["error", "warning", "info"]),
    )
    .option("--no-downgrades", "leave the ways back out")
    .option("--no-transaction", "the files do not run in a transaction each")
    .option("--baseline <file>", "leave out the findings that are in a file")
    .option("--write-baseline [file]", "write all findings into that file")
    .option(
      "--stats <file>",
      "sizes of tables, from a file, env:production or a URL: a lock on a small one is no finding",
    )
    .option("--write-stats <file>", "write the sizes that --stats reads into that file")
    .option("--dialect <name>", "the engine of the files, where there is no configuration")
    .option("--obligations", "only what revisions have left to be done, and by when; of all of them")
    .option("--fix", "rewrite what has a gentler form that leads to the same schema")
    .option("--expand", "with --fix: write the revisions of what takes several deploys")
    .option("--dry-run", "with --fix: show the rewriting, and leave the files as they are")
    .addHelpText(
      "after",
      examples(
        ["aludel lint", "the new revisions; exit 1 if something is found"],
        ["aludel lint --since origin/main --format github", "on a pull request"],
        ["aludel lint --from-file db/migrations/*.sql --server-version 15", "the files of another tool"],
        ["aludel lint --explain drop-column", "why, and what to do instead"],
        ["aludel lint --fix --dry-run", "see what --fix would rewrite in the new revisions"],
        ["aludel lint --all --write-baseline", "begin with what is there already"],
      ),
    )
    .action((targets: string[], given: LintFlags) =>
      act("lint", {
        targets,
        since: given.since ?? null,
        all: given.all ?? false,
        files: given.fromFile ?? null,
        after: given.after ?? [],
        explain: given.explain ?? null,
        format: given.format,
        output: given.output ?? null,
        serverVersions: given.serverVersion ?? [],
        rules: given.rule ?? [],
        failOn: given.failOn ?? null,
        downgrades: given.downgrades,
        transaction: given.transaction,
        baseline: given.baseline ?? null,
        writeBaseline: given.writeBaseline ?? null,
        stats: given.stats ?? null,
        writeStats: given.writeStats ?? null,
        dialect: given.dialect ?? null,
        obligations: given.obligations ?? false,
        fix: given.fix ?? false,
        expand: given.expand ?? false,
        dryRun: given.dryRun ?? false,
      }),
    );
}
