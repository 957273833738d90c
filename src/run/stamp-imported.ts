import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { closure } from "../revision/graph/closure.js";
import type { Agreement } from "../revision/import/agreement.js";
import { unfold, withKept } from "./kept.js";
import { bookkeepingOf, type Project } from "./project.js";
import { type StampResult, stamp } from "./stamp.js";
import { readVersions } from "./version-table.js";

interface Options {
  /** Only say what would be. */
  readonly dryRun: boolean;
  readonly lockTimeoutMs: number;
  readonly onWait: (holder: string) => void;
}

/** What the version table said and says. */
export interface ImportedStamp extends StampResult {
  /** Of what the tool has not applied, what has not run here either. */
  readonly pending: readonly string[];
}

/**
 * Writes down in the version table what another tool has applied. A database that is there already, or further, stays as it is.
 * @throws AludelError `import-refused` for a database that is elsewhere, and the errors of stamping.
 */
export async function stampImported(
  project: Project,
  connection: Connection,
  tool: string,
  agreement: Agreement,
  options: Options,
): Promise<ImportedStamp> {
  const { applied, rows: targets, repeated } = agreement;
  const before = (await readVersions(connection, project.dialect, bookkeepingOf(project.config))) ?? [];
  const own = await withKept(project, [...before, ...targets]);
  const { standsFor } = await unfold(project);
  const lacks = (rows: readonly string[], ids: readonly string[]) => {
    const has = closure(own.graph, rows);
    return ids.filter((id) => !has.has(own.graph.nodes.has(id) ? id : (standsFor.get(id) ?? id)));
  };
  const isKnown = before.every((id) => own.graph.nodes.has(id));
  if (isKnown && lacks(before, applied).length === 0) {
    return { before, after: before, pending: lacks(before, agreement.pending) };
  }
  const further = isKnown ? before.filter((id) => !applied.includes(id)) : [];
  if (further.length > 0) {
    throw new AludelError(
      "import-refused",
      `${connection.target} is at ${further.join(", ")}, which is beside what ${tool} has applied: ${targets.join(", ")}`,
      {
        remedy:
          "Since the import one of the two has run what the other has not. Find out what the database has, then run `aludel stamp REVISION`.",
      },
    );
  }
  const { pending } = agreement;
  if (options.dryRun) return { before, after: targets, pending };
  const ran = { by: tool, revisions: project.repeatables.filter(({ id }) => repeated.includes(id)) };
  return { ...(await stamp(own, connection, { ...options, targets, purge: false, ran })), pending };
}
