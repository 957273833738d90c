import { AludelError } from "../error/error.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import type { Context } from "./context.js";

/** What the chosen database says of the revisions that it has, or why it could not be asked. */
export type AppliedAnswer =
  | { readonly database: string; readonly applied: ReadonlySet<string> }
  | { readonly database: null; readonly reason: string };

/** Asks the chosen database, if there is one and it can be reached, which revisions it has. */
export async function askApplied(context: Context, project: Project): Promise<AppliedAnswer> {
  const [{ appliedIn }, { readRunLog }, { readVersions }] = await Promise.all([
    import("../run/as-run.js"),
    import("../run/run-log.js"),
    import("../run/version-table.js"),
  ]);
  try {
    const connection = await context.connect({ mustExist: true });
    const bookkeeping = bookkeepingOf(project.config);
    const rows = (await readVersions(connection, project.dialect, bookkeeping)) ?? [];
    const log = await readRunLog(connection, project.dialect, bookkeeping);
    return { database: connection.target, applied: appliedIn(project, rows, log) };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return { database: null, reason: error.message };
  }
}

/** @throws AludelError `revision-applied` for revisions that the database has, unless that is allowed. */
export function refuseApplied(asked: AppliedAnswer, ids: Iterable<string>, allowed: boolean): void {
  if (asked.database === null || allowed) return;
  const applied = [...ids].filter((id) => asked.applied.has(id));
  const [first] = applied;
  if (first === undefined) return;
  throw new AludelError("revision-applied", `${asked.database} has ${applied.join(", ")} already`, {
    where: { revision: first },
    data: { database: asked.database, applied },
    remedy:
      "Join the lines with `aludel merge` instead, or take the revisions back there first with `aludel downgrade`. If they may be moved all the same, add --allow-applied: a database that has them runs what then stands below them at its next upgrade.",
  });
}

/** Says which database was asked, or why none was. */
export function tellAsked(context: Context, asked: AppliedAnswer): void {
  if (asked.database !== null) return;
  context.out.warn(
    `${context.out.style("yellow", "warning:")} no database was asked whether it has these revisions: ${asked.reason}`,
  );
}
