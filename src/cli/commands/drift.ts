import { type LiveDrift, liveDrift } from "../../check/live-drift.js";
import type { AllowedDrift } from "../../config/ci-config.js";
import { onlyRead } from "../../run/only-read.js";
import type { Context } from "../context.js";
import { allowedByVariable } from "../drift-allowed.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { count } from "../print/progress.js";

/** `aludel drift`: is a database what its revisions made of it? It is only read. */
export async function run(context: Context, options: CommandOptions["drift"]): Promise<ExitCode> {
  const project = await context.project();
  const connection = await context.connect({ mustExist: true });
  await onlyRead(project.dialect, connection, context.connectBeside, Math.round(options.timeoutMs));
  const found = await liveDrift(project, connection, context.openScratch);
  const allowed = [...project.config.ci.allowedDrift, ...allowedByVariable(context.variables)];
  const { open, let: through, unused } = sorted(found.byHand?.lines ?? [], allowed);
  context.out.data({
    database: connection.target,
    at: found.at,
    unknown: found.unknown,
    changedByHand: found.byHand === null ? null : open,
    allowed: through,
    pending: found.pending,
    notDeployed: found.notDeployed?.lines ?? null,
  });
  context.out.text(show(found, open));
  tell(context, found, { target: connection.target, through, unused });
  // Where its revisions are not known, nothing can be said for it.
  return open.length > 0 || found.byHand === null ? 1 : 0;
}

function sorted(lines: readonly string[], allowed: readonly AllowedDrift[]) {
  const fits = (line: string) => allowed.some(({ match }) => line.includes(match));
  return {
    open: lines.filter((line) => !fits(line)),
    let: lines.filter(fits),
    unused: allowed.filter(({ match }) => !lines.some((line) => line.includes(match))),
  };
}

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [[title, ...lines.map((line) => `  ${line}`)].join("\n")];

function show({ unknown, pending, notDeployed, byHand }: LiveDrift, open: readonly string[]): string {
  const undecided = [...(byHand?.undecided ?? [])].map(([, reason]) => reason);
  return [
    ...block("The database is at revisions that no file has:", unknown),
    ...block("Changed by hand, beside what its revisions made:", open),
    ...block("Could not be decided:", undecided),
    ...block("Not deployed yet, revisions:", pending),
    ...block("Not deployed yet, from the database to the models:", notDeployed?.lines ?? []),
  ].join("\n\n");
}

function tell(
  { out }: Context,
  { at, byHand, pending }: LiveDrift,
  more: {
    readonly target: string;
    readonly through: readonly string[];
    readonly unused: readonly AllowedDrift[];
  },
): void {
  const { target, through, unused } = more;
  for (const { match, reason } of unused) out.warn(`No difference has "${match}" in it any more (${reason})`);
  if (through.length > 0) out.talk(`${count(through.length, "difference")} allowed by ci.allowedDrift`);
  const place =
    at === null ? "which has no version table" : at.length === 0 ? "at base" : `at ${at.join(", ")}`;
  const verdict =
    byHand === null
      ? "what its revisions made is not known: bring their files back"
      : byHand.lines.length === through.length
        ? "what its revisions made of it"
        : "not what its revisions made of it: undo the change, or write the revision that does it";
  out.talk(
    `${target}, ${place}: ${verdict}${pending.length > 0 ? `; ${count(pending.length, "revision")} to come` : ""}`,
  );
}
