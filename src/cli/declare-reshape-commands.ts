import type { Command } from "commander";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

/** The commands that give the graph of the revisions another shape. */
export function declareReshapeCommands(program: Command, act: Act): void {
  declareMerge(program, act);
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
