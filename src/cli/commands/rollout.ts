import type { FleetConfig } from "../../config/fleet-config.js";
import { type Member, membersOf } from "../../deploy/rollout/members.js";
import { type Outcome, rollout } from "../../deploy/rollout/rollout.js";
import { AludelError, messageOf } from "../../error/error.js";
import { migrate, planMigration } from "../../run/migrate.js";
import { onlyRead } from "../../run/only-read.js";
import type { Project } from "../../run/project.js";
import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { bar, count, showDuration } from "../print/progress.js";
import { table } from "../print/table.js";

type Options = CommandOptions["rollout"];

/** `aludel rollout`: upgrades the databases of the fleet, wave after wave. */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const project = await context.project();
  const { fleet } = project.config;
  if (fleet === null) {
    throw new AludelError("fleet-unreadable", "The configuration has no fleet", {
      where: { file: project.config.file },
      remedy:
        'Say which databases are in it: fleet: { files: "tenants/*.db" }, or urls, schemas, query, command.',
    });
  }
  const members = await fleetMembers(context, project, fleet);
  if (options.status) return status(context, project, members, options, fleet);
  if (fleet.environment !== null || needsEnvironment(fleet)) {
    await requireConsent(context, `upgrade ${count(members.length, "database")}`, options.confirm);
  }
  return upgrade(context, project, members, options, fleet);
}

const needsEnvironment = ({ source }: FleetConfig) => source.kind === "schemas" || source.kind === "query";

async function fleetMembers(
  context: Context,
  project: Project,
  fleet: FleetConfig,
): Promise<readonly Member[]> {
  const { environment: name } = fleet;
  const environment = async () => {
    if (name === null) return context.environment();
    const { chooseEnvironment } = await import("../../config/environment.js");
    return chooseEnvironment(project.config, { url: null, name });
  };
  const { root } = project.config;
  const members = await membersOf(fleet, {
    root,
    dialect: project.dialect,
    url: async () => (await environment()).url,
    connect: async () =>
      project.dialect.connect((await environment()).url, { directory: root, applicationName: "aludel" }),
  });
  for (const { url } of members) context.hide(url);
  return members;
}

function opened<T>(
  { signal }: Context,
  { dialect, config }: Project,
  { url }: Member,
  use: (connection: Awaited<ReturnType<typeof dialect.connect>>) => Promise<T>,
): Promise<T> {
  return dialect
    .connect(url, { directory: config.root, applicationName: "aludel", mustExist: true })
    .then(async (connection) => {
      const cancel = () => void connection.cancel().catch(() => undefined);
      signal.addEventListener("abort", cancel, { once: true });
      try {
        return await use(connection);
      } finally {
        signal.removeEventListener("abort", cancel);
        await connection.close();
      }
    });
}

async function upgrade(
  context: Context,
  project: Project,
  members: readonly Member[],
  options: Options,
  fleet: FleetConfig,
): Promise<ExitCode> {
  const { out, signal } = context;
  let ended = 0;
  const outcomes = await rollout(
    members,
    {
      waves: fleet.waves,
      parallel: options.parallel ?? fleet.parallel,
      maxFailures: options.maxFailures ?? fleet.maxFailures,
      signal,
      onWave: (wave, waves, size) => out.talk(`wave ${wave} of ${waves}: ${count(size, "database")}`),
      onEnd: (position, outcome) => {
        ended += 1;
        const name = members[position]?.name ?? "";
        out.status(bar(ended, members.length, name));
        if (outcome.status === "failed") out.warn(`failed ${name}: ${messageOf(outcome.error)}`);
        if (outcome.status === "upgraded")
          out.talk(`upgraded ${name} (${showDuration(outcome.milliseconds)})`);
      },
    },
    (member) =>
      opened(context, project, member, async (connection) => {
        const { executed } = await migrate(project, connection, {
          command: "upgrade",
          targets: options.targets,
          transaction: "each",
          lockTimeoutMs: options.lockTimeoutMs,
          allowEdited: false,
          signal,
          report: () => undefined,
        });
        return executed.map(({ revision }) => revision.id);
      }),
  );
  out.status(null);
  return told(context, members, outcomes);
}

function told({ out, signal }: Context, members: readonly Member[], outcomes: readonly Outcome[]): ExitCode {
  const of = (status: Outcome["status"]) => outcomes.filter((one) => one.status === status).length;
  out.data({
    databases: members.map(({ name }, at) => ({ name, ...outcomeData(outcomes[at]) })),
    upgraded: of("upgraded"),
    unchanged: of("unchanged"),
    failed: of("failed"),
    notBegun: of("not-begun"),
  });
  const parts = [
    `${of("upgraded")} upgraded`,
    `${of("unchanged")} unchanged`,
    ...(of("failed") > 0 ? [`${of("failed")} failed`] : []),
    ...(of("not-begun") > 0 ? [`${of("not-begun")} not begun`] : []),
  ];
  const again = of("failed") + of("not-begun") === 0 ? "" : "; the same command goes on where it stopped";
  out.text(`${count(members.length, "database")}: ${parts.join(", ")}${again}.`);
  if (signal.aborted) {
    throw new AludelError("interrupted", "The rollout was interrupted", {
      remedy: "Run the same command again: what is done is skipped.",
    });
  }
  return of("failed") + of("not-begun") === 0 ? 0 : 2;
}

function outcomeData(outcome: Outcome | undefined): object {
  if (outcome?.status !== "failed") return outcome ?? {};
  const { status, milliseconds, error } = outcome;
  const { code = null, remedy = null } = error instanceof AludelError ? error : {};
  return { status, milliseconds, error: { code, message: messageOf(error), remedy } };
}

async function status(
  context: Context,
  project: Project,
  members: readonly Member[],
  options: Options,
  fleet: FleetConfig,
): Promise<ExitCode> {
  const { out, signal } = context;
  const found: { name: string; at: readonly string[]; pending: number; error: string | null }[] = [];
  await rollout(
    members.map((member, position) => ({ member, position })),
    {
      waves: [{ percent: 100 }],
      parallel: options.parallel ?? fleet.parallel,
      maxFailures: members.length,
      signal,
      onWave: () => undefined,
      onEnd: (position) => out.status(bar(position + 1, members.length, members[position]?.name ?? "")),
    },
    async ({ member, position }) => {
      const { name } = member;
      try {
        found[position] = await opened(context, project, member, async (connection) => {
          const beside = () => project.dialect.connect(member.url, { directory: project.config.root });
          await onlyRead(project.dialect, connection, beside);
          const asked = { command: "upgrade", targets: options.targets } as const;
          const { rows, steps } = await planMigration(project, connection, asked);
          return { name, at: rows, pending: steps.length, error: null };
        });
      } catch (error) {
        found[position] = { name, at: [], pending: 0, error: messageOf(error) };
      }
      return [];
    },
  );
  out.status(null);
  const pending = found.filter((one) => one.pending > 0).length;
  const unknown = found.filter((one) => one.error !== null).length;
  out.data({ databases: found, pending, unknown });
  out.text(
    table(
      found.map(({ name, at, pending, error }) => [
        name,
        error === null ? at.join(", ") || "base" : "?",
        error ?? (pending === 0 ? "up to date" : `${count(pending, "revision")} pending`),
      ]),
    ),
  );
  out.talk(`${count(found.length, "database")}: ${pending} behind, ${unknown} not to be asked.`);
  if (unknown > 0) return 2;
  return pending === 0 ? 0 : 1;
}
