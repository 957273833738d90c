import { recordConfirmation } from "../../deploy/contract/confirmations.js";
import { AludelError } from "../../error/error.js";
import { readMarker, writeMarker } from "../../run/marker.js";
import { readState, writeState } from "../../run/state-table.js";
import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";

/** `aludel mark`: this database is the one of the chosen environment. */
export async function run(context: Context, options: CommandOptions["mark"]): Promise<ExitCode> {
  const { out } = context;
  const project = await context.project();
  const { config, dialect } = project;
  const { name, identity } = await context.environment();
  const { marker } = identity;
  const connection = await context.connect({ mustExist: true, anyMarker: true });
  const before = await readMarker(dialect, connection, config);
  const shown = marker ?? "no environment's";
  const data = { environment: name, database: connection.target, before, marker };
  if (before === marker) {
    out.data(data);
    out.text(`${connection.target} is marked as ${shown} already.`);
    return 0;
  }
  if (before !== options.insteadOf) throw unnamed(name, connection.target, before, options.insteadOf);
  await requireConsent(context, "say that this is the database", options.confirm);
  await writeMarker(dialect, connection, config, marker);
  // What was said of the database that this is a copy of does not hold here.
  const said = await readState(dialect, connection, config.stateTable, "confirmation");
  for (const one of said.values())
    if (before !== null && one.value !== null) await recordConfirmation(project, connection, one.name, null);
  const { stateTable, root } = config;
  await writeState(dialect, connection, stateTable, { kind: "reads", name: "counters", value: null, root });
  out.data(data);
  out.text(`${connection.target} is marked as ${shown}.`);
  return 0;
}

function unnamed(name: string, target: string, before: string | null, given: string | null): AludelError {
  return new AludelError(
    "wrong-database",
    before === null
      ? `The database is not marked as ${given ?? "anything"}`
      : `The database says that it is ${before}, and not ${given ?? `that of "${name}"`}`,
    {
      where: { object: target },
      data: { environment: name, found: { marker: before } },
      remedy:
        before === null
          ? "Nothing was changed. Leave --instead-of out."
          : `Nothing was changed. If it is a copy, and that of "${name}" from now on: aludel mark --env ${name} --instead-of ${before}`,
    },
  );
}
