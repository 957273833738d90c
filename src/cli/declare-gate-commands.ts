import { type Command, InvalidArgumentError, Option } from "commander";
import { type SmokeMode, smokeModes } from "../config/choices.js";
import { suggest } from "../error/suggest.js";
import { type CheckName, checkNames } from "../gate/check.js";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import { type Act, type GateFormat, gateFormats } from "./options.js";

interface GateFlags {
  base?: string;
  only?: ReadonlySet<CheckName>;
  skip?: ReadonlySet<CheckName>;
  allowEdit?: readonly string[];
  maxSeconds?: number;
  mode?: SmokeMode;
  dump?: string;
  downgrade?: true;
  queries?: readonly string[];
  queriesFrom?: readonly string[];
  format: GateFormat;
  output?: string;
}

/** `guard,smoke` */
function checks(text: string): ReadonlySet<CheckName> {
  const names = text.split(",").map((name) => name.trim());
  return new Set(
    names.map((name) => {
      const known = checkNames.find((one) => one === name);
      if (known !== undefined) return known;
      const meant = suggest(name, checkNames);
      throw new InvalidArgumentError(
        meant === null ? `The checks are ${checkNames.join(", ")}.` : `Did you mean ${meant}?`,
      );
    }),
  );
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Write a number of seconds, such as 60.");
}

const withGateOptions = (command: Command): Command =>
  command
    .option("--base <ref>", "the branch that it will be merged into (default: the remote's default branch)")
    .addOption(new Option("--format <form>", "the form of the answer").choices(gateFormats).default("text"))
    .option("-o, --output <file>", "write the answer to a file");

const withSmoke = (command: Command): Command =>
  command
    .addOption(
      new Option("--mode <mode>", "what revisions are tried on (default: ci.smoke)").choices(smokeModes),
    )
    .option("--dump <file>", "a dump of a database to try them on: SQL, .gz, or what pg_restore reads")
    .option("--downgrade", "take one revision back after the upgrade, and run it again")
    .option("--max-seconds <seconds>", "as long as the revisions may take", seconds);

const withQueries = (command: Command): Command =>
  command
    .option("--queries <file>", "queries of the deployed code, beside ci.queries; may be repeated", collect)
    .option(
      "--queries-from <env>",
      "the queries that the server of this environment has noted (pg_stat_statements); may be repeated",
      collect,
    );

const asked = (given: GateFlags, wanted: ReadonlySet<CheckName>) => ({
  base: given.base ?? null,
  checks: wanted,
  allowEdit: given.allowEdit ?? [],
  maxSeconds: given.maxSeconds ?? null,
  mode: given.mode ?? null,
  dump: given.dump ?? null,
  downgrade: given.downgrade ?? false,
  queries: given.queries ?? [],
  queriesFrom: given.queriesFrom ?? [],
  format: given.format,
  output: given.output ?? null,
});

/** The commands that say whether a change may be merged. */
export function declareGateCommands(program: Command, act: Act): void {
  withQueries(withSmoke(withGateOptions(program.command("ci"))))
    .summary("may this be merged?")
    .description(
      "Hold what is here against the branch that it will be merged into, by all checks: one head, valid and unchanged revisions, models that have their revision, the linter, and the new revisions run on a scratch database with rows. Exit 1 where something is in the way, 2 where a check gives no answer.",
    )
    .option("--only <checks>", `these checks: ${checkNames.join(",")}`, checks)
    .option("--skip <checks>", "all checks but these", checks)
    .option("--allow-edit <id>", "this revision may be other than on the base; may be repeated", collect)
    .addHelpText(
      "after",
      examples(
        ["aludel ci", "on a branch, before it is pushed"],
        ["aludel ci --base origin/main --format github", "on a pull request"],
        ["aludel ci --skip smoke,drift", "what runs no revision"],
      ),
    )
    .action((given: GateFlags) => {
      const wanted = checkNames.filter(
        (name) => (given.only?.has(name) ?? true) && !(given.skip?.has(name) ?? false),
      );
      return act("ci", asked(given, new Set(wanted)));
    });
  withQueries(withGateOptions(program.command("compat")))
    .summary("do the queries of the deployed code survive the new revisions?")
    .description(
      "Prepare the queries of the application against the schema before and after every new revision, on a scratch database, and run none: those of the deployed code have to prepare all along and to give the same columns, those of the change at the end. Exit 1 where one does not.",
    )
    .addHelpText(
      "after",
      examples(
        ["aludel compat", "the files of ci.queries, since the main branch"],
        ["aludel compat --queries recorded.jsonl", "and those of a run of the tests of the main branch"],
        ["aludel compat --queries-from production", "and what production is asked"],
      ),
    )
    .action((given: GateFlags) => act("compat", asked(given, new Set(["compat"]))));
  withGateOptions(program.command("guard"))
    .summary("has every change of the models its revision?")
    .description(
      "Tell which changes of the models have no revision, which revisions change what the models do not say, and where code changes the schema by itself; since the base, by meaning.",
    )
    .addHelpText(
      "after",
      examples(
        ["aludel guard", "since the main branch"],
        ["aludel guard --base HEAD", "since the last commit"],
      ),
    )
    .action((given: GateFlags) => act("guard", asked(given, new Set(["guard"]))));
  withSmoke(withGateOptions(program.command("smoke")))
    .summary("do the new revisions run, with rows, and back?")
    .description(
      "Run the new revisions on a scratch database, with rows in its tables: up, down and up again; and all revisions from an empty one, against the models. Or run what a database lacks that is empty, or that was restored from a dump. Seeds run after it, twice.",
    )
    .addHelpText(
      "after",
      examples(
        ["aludel smoke", "those that the main branch does not have"],
        ["aludel smoke --max-seconds 30", "and no slower than that"],
        ["aludel smoke --mode both --downgrade", "all of them from nothing on, too, and one back"],
        ["aludel smoke --dump backups/nightly.sql.gz", "on what production had last night"],
      ),
    )
    .action((given: GateFlags) => act("smoke", asked(given, new Set(["smoke", "drift"]))));
  program
    .command("drift")
    .summary("is a database what its revisions made of it?")
    .description(
      "Read a database, without changing anything, and tell two things apart: what is there that its revisions did not make (somebody has changed it by hand), and what the models have that is not deployed yet. Exit 1 for the first.",
    )
    .option("--timeout <seconds>", "as long as a question to the database may take (default: 30)", seconds)
    .addHelpText(
      "after",
      examples(
        ["aludel drift --env production", "every night"],
        ["aludel drift --env production --json", "for a machine"],
      ),
    )
    .action((given: { timeout?: number }) => act("drift", { timeoutMs: (given.timeout ?? 30) * 1_000 }));
  withGateOptions(program.command("pr-count"))
    .summary("does the change bring as many revisions as it may?")
    .description("Count the new revisions, and hold them against `ci.revisions` of the configuration.")
    .addHelpText("after", examples(["aludel pr-count", "since the main branch"]))
    .action((given: GateFlags) => act("pr-count", asked(given, new Set(["pr-count"]))));
}
