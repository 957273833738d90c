import { Argument, type Command } from "commander";
import { examples } from "./help-examples.js";
import { type Act, type BackfillAction, backfillActions } from "./options.js";

/** The command for backfills that are under way. */
export function declareBackfillCommand(program: Command, act: Act): void {
  program
    .command("backfill")
    .summary("look at backfills that are under way, and pause or cancel them")
    .description(
      "Tell how far backfills are, or have one stand still, go on, or end, while another process runs it. What it has written stays in any case, and the next upgrade goes on behind it.",
    )
    .addArgument(new Argument("<action>", "what to do").choices(backfillActions))
    .argument("[revision]", "of this revision only")
    .addHelpText(
      "after",
      examples(
        ["aludel backfill status --env production", "how far they are"],
        ["aludel backfill pause", "until `aludel backfill resume`"],
        ["aludel backfill cancel 4f2a", "ends the run, too"],
      ),
    )
    .action((action: BackfillAction, revision: string | undefined) =>
      act("backfill", { action, revision: revision ?? null }),
    );
}
