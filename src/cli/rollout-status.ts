import type { Member } from "../deploy/rollout/members.js";
import { rollout } from "../deploy/rollout/rollout.js";
import { messageOf } from "../error/error.js";
import { planMigration } from "../run/migrate.js";
import { onlyRead } from "../run/only-read.js";
import type { Context } from "./context.js";
import type { Fleet } from "./fleet.js";
import type { CommandOptions, ExitCode } from "./options.js";
import { bar, count } from "./print/progress.js";
import { table } from "./print/table.js";

type Options = CommandOptions["rollout"];

/** Where one database is. */
interface Found {
  readonly name: string;
  readonly at: readonly string[];
  readonly pending: number;
  /** Why it could not be asked. */
  readonly error: string | null;
}

/** `aludel rollout --status`: asks every database where it is, and changes none. */
export async function tellStatus(context: Context, fleet: Fleet, options: Options): Promise<ExitCode> {
  const { out, signal } = context;
  const { members, settings } = fleet;
  const found: Found[] = [];
  await rollout(
    members.map((member, position) => ({ member, position })),
    {
      waves: [{ percent: 100 }],
      parallel: options.parallel ?? settings.parallel,
      maxFailures: members.length,
      signal,
      onWave: () => undefined,
      onEnd: (position) => out.status(bar(position + 1, members.length, members[position]?.name ?? "")),
    },
    async ({ member, position }) => {
      found[position] = await ask(fleet, member, options);
      return [];
    },
  );
  out.status(null);
  const pending = found.filter((one) => one.pending > 0).length;
  const unknown = found.filter((one) => one.error !== null).length;
  out.data({ databases: found, pending, unknown });
  out.text(table(found.map(line)));
  out.talk(`${count(found.length, "database")}: ${pending} behind, ${unknown} not to be asked.`);
  if (unknown > 0) return 2;
  return pending === 0 ? 0 : 1;
}

async function ask(fleet: Fleet, member: Member, { targets }: Options): Promise<Found> {
  const { name } = member;
  const { project } = fleet;
  try {
    return await fleet.open(member, async (connection, openBeside) => {
      await onlyRead(project.dialect, connection, openBeside);
      const { rows, steps } = await planMigration(project, connection, { command: "upgrade", targets });
      return { name, at: rows, pending: steps.length, error: null };
    });
  } catch (error) {
    return { name, at: [], pending: 0, error: messageOf(error) };
  }
}

function line({ name, at, pending, error }: Found): readonly string[] {
  const to = pending === 0 ? "up to date" : `${count(pending, "revision")} pending`;
  return [name, error === null ? at.join(", ") || "base" : "?", error ?? to];
}
