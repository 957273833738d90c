import { type Command, Option } from "commander";
import { examples } from "./help-examples.js";
import type { Act, Picture } from "./options.js";

const pictures: readonly Picture[] = ["graph", "mermaid", "dot"];

interface HistoryFlags extends Partial<Readonly<Record<Picture, true>>> {
  readonly range?: string;
  readonly indicateCurrent?: true;
  readonly runs?: true;
}

/** An option that goes without the others of its kind. */
function picture(flag: `--${Picture}`, description: string): Option {
  return new Option(flag, description).conflicts(pictures.filter((one) => `--${one}` !== flag));
}

/** The commands that read the revision files and need no database. */
export function declareGraphCommands(program: Command, act: Act): void {
  program
    .command("history")
    .summary("the revisions in order, newest first")
    .description("Print the revisions, newest first.")
    .option(
      "-r, --range <from:to>",
      "only from one target to another, both included: 4f2a:head, -3:current, base:4f2a",
    )
    .option("-i, --indicate-current", "mark where the database is (connects to it)")
    .addOption(picture("--graph", "draw the graph, with what the database has, if there is one"))
    .addOption(picture("--mermaid", "the same as a Mermaid flowchart"))
    .addOption(picture("--dot", "the same for Graphviz"))
    .option(
      "--runs",
      "what ran on the database, when, by whom and from which commit, instead of the revisions",
    )
    .addHelpText(
      "after",
      examples(
        ["aludel history", "one line each"],
        ["aludel history -v -r 4f2a:", "all about the newer ones"],
        ["aludel history -i --env production", "with a mark where production is"],
        ["aludel history --runs --env production", "what was deployed there, and by whom"],
        ["aludel history --graph", "drawn, with what is applied"],
        ["aludel history --dot -r 4f2a: | dot -Tsvg > graph.svg", "as a picture"],
      ),
    )
    .action((given: HistoryFlags) =>
      act("history", {
        range: given.range ?? null,
        indicateCurrent: given.indicateCurrent ?? false,
        picture: pictures.find((one) => given[one] === true) ?? null,
        runs: given.runs ?? false,
      }),
    );
  program
    .command("heads")
    .summary("the revisions that no other revises")
    .description("Print the heads: the revisions that no other revises.")
    .option("--resolve-dependencies", "without those that another revision depends on")
    .addHelpText(
      "after",
      examples(
        ["aludel heads", "one line each"],
        ["aludel heads --resolve-dependencies", "what the target heads means: with these all comes"],
        ["aludel heads --json", "for a machine"],
      ),
    )
    .action((given: { resolveDependencies?: true }) =>
      act("heads", { resolveDependencies: given.resolveDependencies ?? false }),
    );
  program
    .command("branches")
    .summary("the revisions from which lines part")
    .description("Print the branch points, each with the revisions that go on from it.")
    .addHelpText(
      "after",
      examples(["aludel branches", "one block each"], ["aludel branches -v", "with files"]),
    )
    .action(() => act("branches", {}));
  program
    .command("show")
    .summary("all about a revision")
    .description("Print a revision: its place in the graph, its file and its message.")
    .argument("<target>", "an id or a unique beginning of one, a label, head, heads")
    .addHelpText(
      "after",
      examples(["aludel show head", "the newest"], ["aludel show 4f2a --json", "for a machine"]),
    )
    .action((target: string) => act("show", { target }));
  program
    .command("validate")
    .summary("is every revision file what it should be?")
    .description(
      "Read every revision file and print all that is wrong, with file and line. Nothing in the files is run.",
    )
    .option("--fix-sum", "write aludel.sum anew first, from the files as they are")
    .addHelpText(
      "after",
      examples(
        ["aludel validate", "exit 1 if something is wrong"],
        ["aludel validate --json", "for a machine"],
        ["aludel validate --fix-sum", "after a conflict in aludel.sum was resolved"],
      ),
    )
    .action((given: { fixSum?: true }) => act("validate", { fixSum: given.fixSum ?? false }));
  program
    .command("conflicts")
    .summary("do branches of the revisions go together?")
    .description(
      "Tell whether there are several heads, revisions that are missing, and which revisions on branches beside each other change the same objects.",
    )
    .option("--base <ref>", "hold the revisions against those of a git branch or commit")
    .addHelpText(
      "after",
      examples(
        ["aludel conflicts", "of the files as they are"],
        ["aludel conflicts --base origin/main", "and of what a merge would make"],
      ),
    )
    .action((given: { base?: string }) => act("conflicts", { base: given.base ?? null }));
  program
    .command("edit")
    .summary("open a revision in your editor")
    .description("Open a revision's file in the editor of the variables VISUAL or EDITOR.")
    .argument("[target]", "an id or a unique beginning of one, a label, head", "head")
    .addHelpText(
      "after",
      examples(["aludel edit", "the newest"], ['EDITOR="code --wait" aludel edit 4f2a', "this one"]),
    )
    .action((target: string) => act("edit", { target }));
}
