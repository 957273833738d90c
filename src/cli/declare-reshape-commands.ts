import type { Command } from "commander";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

/** The commands that give the graph of the revisions another shape. */
export function declareReshapeCommands(program: Command, act: Act): void {
  declareMerge(program, act);
  declareRebase(program, act);
  declareLinear(program, act);
  declareSquash(program, act);
  declareCheckpoint(program, act);
}

interface MergeFlags {
  message?: string;
  sql?: true;
  revId?: string;
  versionPath?: string;
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
    .option("--version-path <folder>", "the folder to write it into (default: that of the first head)")
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
        versionPath: given.versionPath ?? null,
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

function declareSquash(program: Command, act: Act): void {
  program
    .command("squash")
    .summary("make one revision of several")
    .description(
      "Make one revision of several, and prove that it leads to the same schema and rows. It has the id of the last of them;\nthe old files are kept for databases that are in the middle of them.",
    )
    .argument("[from:to]", "the range, both included; :to begins at the base")
    .option("--since <branch>", "those that this branch of git does not have, instead of a range")
    .option("-m, --message <text>", "what they do together")
    .option("--no-rows", "prove the schema only, without rows")
    .addHelpText(
      "after",
      examples(
        ['aludel squash 4f2a:9c1d -m "accounts"', "these and all between them"],
        ['aludel squash --since origin/main -m "accounts"', "those of your branch"],
        ['aludel squash :9c1d -m "release 2"', "a new beginning for new databases"],
      ),
    )
    .action((range: string | undefined, given: { since?: string; message?: string; rows: boolean }) =>
      act("squash", {
        range: range ?? null,
        since: given.since ?? null,
        message: given.message ?? null,
        rows: given.rows,
      }),
    );
}

function declareCheckpoint(program: Command, act: Act): void {
  program
    .command("checkpoint")
    .summary("a new beginning for new databases")
    .description(
      "Make one revision of all up to a target, from the base on: new databases begin with it, those that are there keep\ntheir history.",
    )
    .argument("[target]", "the last revision that it takes in", "head")
    .option("-m, --message <text>", "what it is called", "checkpoint")
    .option("--no-rows", "prove the schema only, without rows")
    .addHelpText(
      "after",
      examples(
        ["aludel checkpoint", "all revisions"],
        ['aludel checkpoint 9c1d -m "release 2"', "all up to this one"],
      ),
    )
    .action((target: string, given: { message: string; rows: boolean }) =>
      act("checkpoint", { target, message: given.message, rows: given.rows }),
    );
}
