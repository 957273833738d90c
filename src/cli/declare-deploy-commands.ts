import { type Command, InvalidArgumentError, Option } from "commander";
import { readDuration } from "../config/duration.js";
import type { SinglePart } from "../deploy/deploy-log.js";
import { parseRelease, type Release } from "../revision/release.js";
import { confirm, lockTimeout, log } from "./declare-run-commands.js";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface DeployFlags {
  only?: SinglePart;
  dryRun?: true;
  approve?: string;
  confirm?: string;
  phase?: "expand";
  onFailure: "stop" | "downgrade";
  receipt: string[];
  writeReceipt?: string;
  lockTimeout: number;
  log?: "json";
  confirmed: Release[];
  allowReads?: true;
  watch?: number;
}

/** Written out, so that `--help` loads nothing of a deploy. */
const single: readonly SinglePart[] = ["preflight", "backup", "upgrade", "verify", "smoke"];

const collect = (file: string, before: string[]): string[] => [...before, file];

function release(text: string, before: Release[]): Release[] {
  const read = parseRelease(text);
  if (read === null) throw new InvalidArgumentError("Write an application and its version: app@1.42.");
  return [...before, read];
}

function time(text: string): number {
  const milliseconds = readDuration(text);
  if (milliseconds === null || milliseconds === undefined || milliseconds <= 0)
    throw new InvalidArgumentError("Write a time: 30s, 5m.");
  return milliseconds;
}

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
    .option("--confirmed <app@version>", "this version is everywhere; may be repeated", release, [])
    .option("--allow-reads", "take away what the server has counted reads of")
    .option("--watch <time>", "repeat the smoke checks for so long, and compare with before", time)
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
        confirmed: given.confirmed,
        allowReads: given.allowReads ?? false,
        watchMs: given.watch ?? null,
      }),
    );
  declareConfirm(program, act);
  declareMark(program, act);
}

interface ConfirmFlags {
  list?: true;
  withdraw?: true;
}

function declareConfirm(program: Command, act: Act): void {
  program
    .command("confirm")
    .summary("a version of an application is everywhere")
    .description(
      "Write into the database that this version runs everywhere, and no older one does: contracts that wait for it may be deployed. Of an application the last word counts.",
    )
    .argument("[app@version...]", "what is everywhere: app@1.42")
    .option("--list", "tell what was confirmed, by whom and when")
    .option("--withdraw", "take it back")
    .addHelpText(
      "after",
      examples(
        ["aludel confirm app@1.42 --env production", "after it was rolled out"],
        ["aludel confirm --list --env production", "what does the database know?"],
        ["aludel confirm --withdraw app@1.42 --env production", "it was rolled back"],
      ),
    )
    .action((releases: string[], given: ConfirmFlags) =>
      act("confirm", { releases, list: given.list ?? false, withdraw: given.withdraw ?? false }),
    );
}

function declareMark(program: Command, act: Act): void {
  program
    .command("mark")
    .summary("say anew which environment a database is")
    .description(
      "Write into the database that it is the one of the chosen environment. Only needed where it says that it is another one's, as a copy of it does.",
    )
    .option("--instead-of <marker>", "what the database says of itself now")
    .addOption(confirm())
    .addHelpText(
      "after",
      examples([
        "aludel mark --env staging --instead-of production",
        "production's dump was restored as staging",
      ]),
    )
    .action((given: { insteadOf?: string; confirm?: string }) =>
      act("mark", { insteadOf: given.insteadOf ?? null, confirm: given.confirm ?? null }),
    );
}
