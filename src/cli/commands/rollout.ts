import { environmentDefaults } from "../../config/environment-settings.js";
import type { Member } from "../../deploy/rollout/members.js";
import { type Outcome, rollout } from "../../deploy/rollout/rollout.js";
import { AludelError, messageOf } from "../../error/error.js";
import { publicUrl } from "../../error/redact.js";
import { type Failure, failureOf, type Report } from "../../run/event.js";
import { type MigrateOptions, migrate } from "../../run/migrate.js";
import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import { type Fleet, readFleet } from "../fleet.js";
import { type Observation, observed, type Worked } from "../observed.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { bar, count, showDuration } from "../print/progress.js";
import { tellStatus } from "../rollout-status.js";

type Options = CommandOptions["rollout"];

/** `aludel rollout`: upgrades the databases of the fleet, wave after wave. */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const fleet = await readFleet(context);
  try {
    return await (options.status
      ? tellStatus(context, fleet, options)
      : upgradeFleet(context, fleet, options));
  } finally {
    await fleet.close();
  }
}

async function upgradeFleet(context: Context, fleet: Fleet, options: Options): Promise<ExitCode> {
  const { environment, isMeant, members } = fleet;
  if (environment?.approve === true) throw cannotBeApproved(environment.name);
  if (environment !== null && isMeant) {
    await requireConsent(context, `upgrade ${count(members.length, "database")}`, options.confirm, {
      of: environment,
    });
  }
  const work = async (observation: Observation) =>
    tell(context, members, await upgradeAll(context, fleet, options, observation));
  return observed(context, { command: "rollout", environment }, work);
}

function cannotBeApproved(name: string): AludelError {
  return new AludelError(
    "approval-required",
    `What runs on ${name} has to be approved, and a rollout has no plan of its own`,
    {
      data: { environment: name },
      remedy: `Nothing was changed. Leave \`approve\` out of the environment of the fleet; it can be \`protected\`.`,
    },
  );
}

async function upgradeAll(
  context: Context,
  fleet: Fleet,
  options: Options,
  observation: Observation,
): Promise<readonly Outcome[]> {
  const { out, signal } = context;
  const { members, settings } = fleet;
  const upgrade = upgrader(context, fleet, options, observation);
  let ended = 0;
  const outcomes = await rollout(
    members,
    {
      waves: settings.waves,
      parallel: options.parallel ?? settings.parallel,
      maxFailures: options.maxFailures ?? settings.maxFailures,
      signal,
      onWave: (wave, waves, size) => out.talk(`wave ${wave} of ${waves}: ${count(size, "database")}`),
      onEnd: (position, outcome) => {
        ended += 1;
        const name = members[position]?.name ?? "";
        out.status(bar(ended, members.length, name));
        // The log has it already.
        if (context.log !== null) return;
        if (outcome.status === "failed") out.warn(`failed ${name}: ${messageOf(outcome.error)}`);
        if (outcome.status === "upgraded")
          out.talk(`upgraded ${name} (${showDuration(outcome.milliseconds)})`);
      },
    },
    upgrade,
  );
  out.status(null);
  return outcomes;
}

/** Brings one database up as `aludel upgrade` does, and names what ran. */
function upgrader(
  { signal, redact }: Context,
  fleet: Fleet,
  { targets, lockTimeoutMs }: Options,
  observation: Observation,
): (member: Member) => Promise<readonly string[]> {
  const { project, environment } = fleet;
  const { timeouts } = environment ?? environmentDefaults;
  const { run, slowLockMs } = observation;
  const options: Omit<MigrateOptions, "report"> = {
    command: "upgrade",
    targets,
    transaction: "each",
    lockTimeoutMs,
    allowEdited: false,
    run,
    redact,
    signal,
  };
  return (member) => {
    const about = {
      member: member.name,
      database: publicUrl(member.url),
      dialect: project.dialect.name,
    };
    const report = observation.of(about);
    return toldOf(report, () =>
      fleet.open(member, async (connection, openBeside) => {
        const patience = { timeouts, openBeside, ownProcess: member.namespace !== null, slowLockMs };
        const { executed } = await migrate(project, connection, { ...options, patience, report });
        return executed.map(({ revision }) => revision.id);
      }),
    );
  };
}

/** Tells when the upgrade of one database begins, and how it ends. */
async function toldOf(report: Report, upgrade: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const began = performance.now();
  const finished = (status: "upgraded" | "unchanged" | "failed", failure: Failure | null) =>
    report({ kind: "database-finished", status, milliseconds: performance.now() - began, failure });
  report({ kind: "database-started" });
  try {
    const revisions = await upgrade();
    finished(revisions.length === 0 ? "unchanged" : "upgraded", null);
    return revisions;
  } catch (error) {
    finished("failed", failureOf(error));
    throw error;
  }
}

function tell({ out, signal }: Context, members: readonly Member[], outcomes: readonly Outcome[]): Worked {
  const of = (status: Outcome["status"]) => outcomes.filter((one) => one.status === status).length;
  const [upgraded, unchanged] = [of("upgraded"), of("unchanged")];
  const [failed, notBegun] = [of("failed"), of("not-begun")];
  out.data({
    databases: members.map(({ name }, at) => ({ name, ...outcomeData(outcomes[at]) })),
    upgraded,
    unchanged,
    failed,
    notBegun,
  });
  const parts = [
    `${upgraded} upgraded`,
    `${unchanged} unchanged`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(notBegun > 0 ? [`${notBegun} not begun`] : []),
  ];
  const isDone = failed + notBegun === 0;
  const again = isDone ? "" : "; the same command goes on where it stopped";
  out.text(`${count(members.length, "database")}: ${parts.join(", ")}${again}.`);
  if (signal.aborted) {
    throw new AludelError("interrupted", "The rollout was interrupted", {
      remedy: "Run the same command again: what is done is skipped.",
    });
  }
  if (isDone) return { exit: 0 };
  const message = `${failed} of ${count(members.length, "database")} failed, ${notBegun} not begun`;
  const remedy = "The same command goes on where it stopped.";
  return { exit: 2, failure: { code: "rollout-incomplete", message, remedy, details: [] } };
}

function outcomeData(outcome: Outcome | undefined): object {
  if (outcome?.status !== "failed") return outcome ?? {};
  const { status, milliseconds, error } = outcome;
  const { code = null, remedy = null } = error instanceof AludelError ? error : {};
  return { status, milliseconds, error: { code, message: messageOf(error), remedy } };
}
