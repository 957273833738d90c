import { AludelError } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import type { History } from "./print/revision-lines.js";

/** The revisions of the project as a graph; with `rows`, also where the chosen database is, which is asked for it. */
export async function readHistory(context: Context, options: { readonly rows: boolean }): Promise<History> {
  if (options.rows) return (await askDatabase(context)).history;
  const revisions = await context.revisions();
  const repeatables = await context.repeatables();
  return { graph: await context.graph(), byId: byIdOf(revisions), rows: null, repeatables, states: null };
}

/** The history, and what of it the chosen database has. */
export interface StatedHistory {
  readonly history: History;
  readonly database:
    | { readonly name: string; readonly applied: ReadonlySet<string>; readonly unknown: readonly string[] }
    | { readonly name: null; readonly reason: string };
}

/**
 * The history with what is applied in the chosen database. Unless it `must` be there, one that cannot be reached is no
 * error.
 */
export async function readStatedHistory(context: Context, must: boolean): Promise<StatedHistory> {
  try {
    const { history, applied, name } = await askDatabase(context);
    const unknown = [...(history.rows ?? [])].filter((id) => !history.byId.has(id));
    return { history, database: { name, applied: applied(), unknown } };
  } catch (error) {
    if (must || !(error instanceof AludelError)) throw error;
    return {
      history: await readHistory(context, { rows: false }),
      database: { name: null, reason: error.message },
    };
  }
}

interface Asked {
  readonly history: History;
  readonly name: string;
  readonly applied: () => ReadonlySet<string>;
}

/** Revisions that were squashed stand for the one they became, where the database is in the middle of them. */
async function askDatabase(context: Context): Promise<Asked> {
  const [{ appliedIn }, { readDatabaseState }, { repeatableStates }] = await Promise.all([
    import("../run/as-run.js"),
    import("../run/database-state.js"),
    import("../run/repeatables.js"),
  ]);
  const connecting = context.connect({ mustExist: true });
  connecting.catch(() => undefined);
  const given = await context.project();
  const connection = await connecting;
  const { project, rows, log } = await readDatabaseState(given, connection);
  const { graph, revisions, repeatables } = project;
  const states = new Map(
    [...repeatableStates(project, rows, log)].map(([{ id }, state]) => [id, state] as const),
  );
  return {
    history: { graph, byId: byIdOf(revisions), rows: new Set(rows), repeatables, states },
    name: connection.target,
    applied: () => appliedIn(project, rows, log),
  };
}

function byIdOf(revisions: readonly Revision[]): ReadonlyMap<string, Revision> {
  const byId = new Map<string, Revision>();
  for (const revision of revisions) byId.set(revision.id, revision);
  return byId;
}
