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
): Promise<StampResult> {
  const { applied, rows: targets } = agreement;
  const before = (await readVersions(connection, project.dialect, bookkeepingOf(project.config))) ?? [];
  const own = await withKept(project, [...before, ...targets]);
  if (before.every((id) => own.graph.nodes.has(id))) {
    const { standsFor } = await unfold(project);
    const has = closure(own.graph, before);
    if (applied.every((id) => has.has(id) || has.has(standsFor.get(id) ?? id)))
      return { before, after: before };
    const further = before.filter((id) => !applied.includes(id));
    if (further.length > 0) {
      throw new AludelError(
        "import-refused",
        `${connection.target} is at ${further.join(", ")}, which is beside what ${tool} has applied: ${targets.join(", ")}`,
        {
          remedy: `Since the import one of the two has run what the other has not. Find out what the database has, then run \`aludel stamp REVISION\`.`,
        },
      );
    }
  }
  if (options.dryRun) return { before, after: targets };
  return stamp(own, connection, { ...options, targets, purge: false });
}
