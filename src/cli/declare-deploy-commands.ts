import { type Command, Option } from "commander";
import type { Part } from "../deploy/deploy-log.js";
import { confirm, lockTimeout, log } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface DeployFlags {
  only?: Exclude<Part, "record">;
  dryRun?: true;
  approve?: string;
  confirm?: string;
  phase?: "expand";
  onFailure: "stop" | "downgrade";
  receipt: string[];
  writeReceipt?: string;
  lockTimeout: number;
  log?: "json";
}

/** Written out, so that `--help` loads nothing of a deploy. */
const single: readonly Exclude<Part, "record">[] = ["preflight", "backup", "upgrade", "verify", "smoke"];

const collect = (file: string, before: string[]): string[] => [...before, file];

/** The commands that bring a change to where people use it. */
export function declareDeployCommands(program: Command, act: Act): void {
  program
    .command("deploy")
    .summary("look, upgrade, verify, try and record")
    .description(
      "Look at everything that can be wrong before anything is changed (preflight), then run the revisions that the database does not have, look whether the database is what they make of it (verify), make the smoke checks, and write down what was done. What stops says where things stand, and what is next; run it again to go on.",
    )
    .argument("[target...]", "as of upgrade (default: head)")
    .addOption(new Option("--only <part>", "one part alone").choices(single))
    .option("--dry-run", "the plan and the preflight; change nothing")
    .addOption(
      new Option(
        "--phase <phase>",
        "stop before the first revision that deployed code may not survive",
      ).choices(["expand"]),
    )
    .option("--approve <token>", "run what a plan says, and nothing else: aludel plan prints its token")
    .addOption(confirm())
    .addOption(
      new Option("--on-failure <what>", "take back what was applied, where nothing is lost by it")
        .choices(["stop", "downgrade"])
        .default("stop"),
    )
    .option("--receipt <file>", "what another environment's deploy wrote; may be repeated", collect, [])
    .option("--write-receipt <file>", "write what was deployed and tried, signed, for another environment")
    .addOption(lockTimeout())
    .addOption(log())
    .addHelpText(
      "after",
      examples(
        ["aludel deploy --env staging", "everything, to the head"],
        ["aludel deploy --env production --dry-run", "what would be done, and may it be?"],
        ["aludel deploy --env production --only preflight", "may it be?"],
      ),
    )
    .action((targets: string[], given: DeployFlags) =>
      act("deploy", {
        targets: targets.length === 0 ? ["head"] : targets,
        only: given.only ?? null,
        dryRun: given.dryRun ?? false,
        approve: given.approve ?? null,
        confirm: given.confirm ?? null,
        phase: given.phase ?? null,
        onFailure: given.onFailure,
        receipts: given.receipt,
        writeReceipt: given.writeReceipt ?? null,
        lockTimeoutMs: given.lockTimeout,
        log: given.log ?? null,
      }),
    );
}
