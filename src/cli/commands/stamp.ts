import { keepMarker } from "../../run/marker.js";
import { stamp } from "../../run/stamp.js";
import { requireConsent } from "../consent.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { connectOwn } from "../own-session.js";

/** `aludel stamp <target…>` */
export async function run(context: Context, options: CommandOptions["stamp"]): Promise<ExitCode> {
  await requireConsent(context, "say anew where the database is", options.confirm);
  const project = await context.project();
  const connection = await connectOwn(context);
  const { before, after } = await stamp(project, connection, {
    ...options,
    onWait: (holder) => context.out.talk(`waiting for ${holder}`),
  });
  await keepMarker(project.dialect, connection, await context.environment(), project.config);
  const name = (rows: readonly string[]) => (rows.length === 0 ? "base" : rows.join(", "));
  context.out.data({ database: connection.target, before, after });
  context.out.text(
    `${connection.target} was at ${name(before)} and is now stamped with ${name(after)}. Nothing was run.`,
  );
  return 0;
}
