import { driftOf } from "../../check/drift.js";
import { readModels } from "../../check/read-models.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { AllowedDrift } from "../../config/ci-config.js";
import type { Scratch } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import { applyHistory } from "../../run/apply-history.js";
import { errorFinding, type Gate, type GateFinding, type Verdict } from "../check.js";

type OpenScratch = () => Promise<Scratch>;

/**
 * All revisions run on an empty database, which then is to be what the models say. `allowed` are differences that are known; one
 * that is not there any more is told.
 */
export async function drift(
  { project }: Gate,
  openScratch: OpenScratch,
  allowed: readonly AllowedDrift[],
): Promise<Verdict> {
  const models = await readModels(project.config, project.dialect.name, openScratch);
  const scratch = await withStandIns(project, models.standIns, openScratch)();
  try {
    const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
    const history = project.graph.order.flatMap(({ id }) => byId.get(id) ?? []);
    await applyHistory(project, scratch.connection, [...history, ...project.repeatables], "upgrade");
    const lines = await driftOf(project, scratch.connection, openScratch);
    return {
      looked: `${history.length} revisions from an empty database, against ${models.schema.tables.size} tables of the models`,
      skipped: null,
      findings: driftFindings(lines, allowed, models.files[0] ?? null),
    };
  } catch (error) {
    if (!(error instanceof AludelError) || error.where.revision === undefined) throw error;
    return {
      looked: "all revisions from an empty database",
      skipped: null,
      findings: [errorFinding("drift", error)],
    };
  } finally {
    await scratch.dispose();
  }
}

/** Differences that are allowed are left out, and those that are allowed for nothing are told. */
export function driftFindings(
  lines: readonly string[],
  allowed: readonly AllowedDrift[],
  file: string | null,
): readonly GateFinding[] {
  const plain = { check: "drift", file, line: null, revision: null } as const;
  const open = lines.filter((line) => !allowed.some(({ match }) => line.includes(match)));
  const unused = allowed.filter(({ match }) => !lines.some((line) => line.includes(match)));
  return [
    ...open.map(
      (line): GateFinding => ({
        ...plain,
        code: "drift",
        severity: "error",
        message: `After all revisions the database is not what the models say: ${line}`,
        remedy:
          'Write the revision that does it: aludel revision --autogenerate -m "…"; or allow it: ci.allowedDrift, with a reason.',
      }),
    ),
    ...unused.map(
      ({ match, reason }): GateFinding => ({
        ...plain,
        code: "drift-allowed-unused",
        severity: "warning",
        message: `No difference has "${match}" in it any more (${reason})`,
        remedy: "Take it out of ci.allowedDrift, or of ALUDEL_DRIFT_ALLOWLIST.",
      }),
    ),
  ];
}
