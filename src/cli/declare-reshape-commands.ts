import type { Command } from "commander";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

/** The commands that give the graph of the revisions another shape. */
export function declareReshapeCommands(program: Command, act: Act): void {
  declareMerge(program, act);
  declareRebase(program, act);
  declareLinear(program, act);
}

interface MergeFlags {
  message?: string;
  sql?: true;
  revId?: string;
  branchLabel?: string[];
  dependsOn?: string[];
  verify: boolean;
  rows: boolean;
}

function declareMerge(program: Command, act: Act): void {
  program
    .command("merge")
    .summary("join heads in one revision")
    .description(
      "Write a revision that revises several heads and does nothing itself, and prove that they go together.",
    )
    .argument("[target...]", "the heads: ids, labels (default: all heads)")
    .option("-m, --message <text>", "what is merged (default: the ids)")
    .option("--sql", "write a .sql file instead of TypeScript")
    .option("--rev-id <id>", "the id (default: random)")
    .option("--branch-label <label>", "a name for the branch that begins here; may be repeated", collect)
    .option("--depends-on <target>", "must run before, without being a parent; may be repeated", collect)
    .option("--no-verify", "do not prove the revision on a scratch database")
    .option("--no-rows", "prove its schema only, without rows")
    .addHelpText(
      "after",
      examples(
        ['aludel merge -m "email and billing"', "all heads"],
        ["aludel merge 4f2a 9c1d", "these two"],
        ["aludel merge billing@head shop@head", "the heads of two labels"],
      ),
    )
    .action((targets: string[], given: MergeFlags) =>
      act("merge", {
        targets,
        message: given.message ?? null,
        sql: given.sql ?? false,
        revId: given.revId ?? null,
        branchLabel: given.branchLabel ?? [],
        dependsOn: given.dependsOn ?? [],
        verify: given.verify,
        rows: given.rows,
      }),
    );
}

interface ReshapeFlags {
  dates?: true;
  verify: boolean;
  rows: boolean;
  allowApplied?: true;
}

function withReshapeOptions(command: Command): Command {
  return command
    .option("--dates", "give what is moved new dates as well, in the header and in the file name")
    .option("--no-verify", "do not prove what was moved on a scratch database")
    .option("--no-rows", "prove its schema only, without rows")
    .option("--allow-applied", "move also what the chosen database has");
}

function reshapeOptions(given: ReshapeFlags) {
  return {
    dates: given.dates ?? false,
    verify: given.verify,
    rows: given.rows,
    allowApplied: given.allowApplied ?? false,
  };
}

function declareRebase(program: Command, act: Act): void {
  withReshapeOptions(
    program
      .command("rebase")
      .summary("put your revisions after those of the others")
      .description(
        "Let the revisions of your git branch come after those that others have added meanwhile: writes what they\nrevise anew, and proves them at their new place.",
      )
      .argument(
        "[revision...]",
        "what to move, each with the whole line it is part of (default: git says it)",
      )
      .option(
        "--onto <target>",
        "after this one: a target, or a branch of git; may be repeated (default: the head of the others)",
        collect,
      )
      .option(
        "--base <branch>",
        "what is not in this branch is yours (default: origin's default branch, or main)",
      ),
  )
    .addHelpText(
      "after",
      examples(
        ["aludel rebase", "after a git merge: yours after theirs"],
        ["aludel rebase --base origin/develop", "held against another branch"],
        ["aludel rebase 4f2a --onto 9c1d", "without git"],
      ),
    )
    .action((revisions: string[], given: ReshapeFlags & { onto?: string[]; base?: string }) =>
      act("rebase", {
        revisions,
        onto: given.onto ?? [],
        base: given.base ?? null,
        ...reshapeOptions(given),
      }),
    );
}

function declareLinear(program: Command, act: Act): void {
  withReshapeOptions(
    program
      .command("linear")
      .summary("do the revisions stand in one line")
      .description(
        "Tell whether the revisions stand in one line, in the order of their dates, or put them into one. Exit 0: they do;\n1: they do not.",
      )
      .option("--fix", "put them into one line, by their dates as far as what they require allows"),
  )
    .addHelpText(
      "after",
      examples(
        ["aludel linear", "in CI: fails when there is a branch or a merge"],
        ["aludel linear --fix", "one line, the older ones first"],
        ["aludel linear --fix --dates", "and new dates for those that are older than what they revise"],
      ),
    )
    .action((given: ReshapeFlags & { fix?: true }) =>
      act("linear", { fix: given.fix ?? false, ...reshapeOptions(given) }),
    );
}
