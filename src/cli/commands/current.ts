import { type AsRun, asRun } from "../../run/as-run.js";
import { readDatabaseState } from "../../run/database-state.js";
import { repeatableStates } from "../../run/repeatables.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { table } from "../print/table.js";

/** `aludel current` */
export async function run(context: Context, options: CommandOptions["current"]): Promise<ExitCode> {
  // The files are read while the server is being reached.
  const connecting = context.connect({ mustExist: true });
  connecting.catch(() => undefined);
  const given = await context.project();
  const connection = await connecting;
  const { project, rows, log } = await readDatabaseState(given, connection);
  const known = asRun(project, rows, log);
  const late = known?.late ?? [];
  const heads = new Set(project.graph.finalHeads.map(({ id }) => id));
  const settled = known?.settled ?? rows;
  const atHeads = late.length === 0 && settled.length === heads.size && settled.every((id) => heads.has(id));
  const repeatables = [...repeatableStates(project, settled, log)];
  const isRepeated = repeatables.every(([, state]) => state === "applied");
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const found = rows.map((id) => ({ id, revision: byId.get(id), head: heads.has(id) }));
  const unknown = rows.filter((id) => !byId.has(id));
  context.out.data({
    database: connection.target,
    atHeads,
    late,
    revisions: found.map(({ id, revision, head }) => ({
      id,
      known: revision !== undefined,
      head,
      message: revision?.message ?? null,
      file: revision?.file ?? null,
    })),
    repeatables: repeatables.map(([{ id, message, file }, state]) => ({ id, state, message, file })),
  });
  if (rows.length === 0) context.out.talk(`${connection.target} is at base: no revision is applied.`);
  const lines = found.map(({ id, revision, head }) => [
    `${id}${head ? " (head)" : ""}`,
    revision?.message ?? context.out.style("red", "not in the revisions folder"),
    ...(context.verbose ? [revision?.file ?? ""] : []),
  ]);
  const after = repeatables.map(([{ id, message, file }, state]) => [
    `${id} (repeatable, ${context.out.style(state === "applied" ? "green" : "yellow", state)})`,
    message,
    ...(context.verbose ? [file] : []),
  ]);
  if (lines.length + after.length > 0) context.out.text(table([...lines, ...after]));
  if (unknown.length > 0) {
    const { committedOf, sentence } = await import("../explain-unknown.js");
    for (const one of await committedOf(context, unknown)) context.out.warn(sentence(one));
  }
  if (known !== null && late.length > 0) tellLate(context, known);
  return options.checkHeads && !(atHeads && isRepeated) ? 1 : 0;
}

/** What the rows would otherwise be taken to stand for. */
function tellLate({ out }: Context, { late, moved }: AsRun): void {
  const stand = late.length === 1 ? "stands below it and has" : "stand below it and have";
  out.warn(
    `${out.style("yellow", "warning:")} ${moved.join(", ")} ran here before being moved: ${late.join(", ")} ${stand} not run here. \`aludel upgrade\` runs ${late.length === 1 ? "it" : "them"}.`,
  );
}
