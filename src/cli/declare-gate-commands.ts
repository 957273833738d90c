import { type Command, InvalidArgumentError, Option } from "commander";
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

const common = (command: Command): Command =>
  command
    .option("--base <ref>", "the branch that it will be merged into (default: the remote's default branch)")
    .addOption(new Option("--format <form>", "the form of the answer").choices(gateFormats).default("text"))
    .option("-o, --output <file>", "write the answer to a file");

const asked = (given: GateFlags, wanted: ReadonlySet<CheckName>) => ({
  base: given.base ?? null,
  checks: wanted,
  allowEdit: given.allowEdit ?? [],
  maxSeconds: given.maxSeconds ?? null,
  format: given.format,
  output: given.output ?? null,
});

/** The commands that say whether a change may be merged. */
export function declareGateCommands(program: Command, act: Act): void {
  common(program.command("ci"))
    .summary("may this be merged?")
    .description(
      "Hold what is here against the branch that it will be merged into, by all checks: one head, valid and unchanged revisions, models that have their revision, the linter, and the new revisions run on a scratch database with rows. Exit 1 where something is in the way, 2 where a check gives no answer.",
    )
    .option("--only <checks>", `these checks: ${checkNames.join(",")}`, checks)
    .option("--skip <checks>", "all checks but these", checks)
    .option("--allow-edit <id>", "this revision may be other than on the base; may be repeated", collect)
    .option("--max-seconds <seconds>", "as long as the new revisions may take", seconds)
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
  common(program.command("guard"))
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
  common(program.command("smoke"))
    .summary("do the new revisions run, with rows, and back?")
    .description(
      "Run the new revisions on a scratch database, with rows in its tables: up, down and up again; and all revisions from an empty one, against the models.",
    )
    .option("--max-seconds <seconds>", "as long as the new revisions may take", seconds)
    .addHelpText(
      "after",
      examples(
        ["aludel smoke", "those that the main branch does not have"],
        ["aludel smoke --max-seconds 30", "and no slower than that"],
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
  common(program.command("pr-count"))
    .summary("does the change bring as many revisions as it may?")
    .description("Count the new revisions, and hold them against `ci.revisions` of the configuration.")
    .addHelpText("after", examples(["aludel pr-count", "since the main branch"]))
    .action((given: GateFlags) => act("pr-count", asked(given, new Set(["pr-count"]))));
}
