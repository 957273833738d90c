import { driftOf } from "../../check/drift.js";
import type { Proof } from "../../check/proof.js";
import { proveAll } from "../../check/prove.js";
import { readModels } from "../../check/read-models.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { AllowedDrift } from "../../config/ci-config.js";
import type { Scratch } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import { applyHistory } from "../../run/apply-history.js";
import type { Gate, GateFinding, Verdict } from "../check.js";

type OpenScratch = () => Promise<Scratch>;

/**
 * The new revisions run on a scratch database that is where they begin, with rows in its tables: up, down and up
 * again. Rows and schema are to be what they should.
 */
export async function smoke(
  { project, added }: Gate,
  openScratch: OpenScratch,
  maxSeconds: number | null,
): Promise<Verdict> {
  if (added.length === 0) return { looked: "no new revision", skipped: "no revision is new", findings: [] };
  const byId = new Map(added.map((revision) => [revision.id, revision]));
  const findings: GateFinding[] = [];
  const proofs: Proof[] = [];
  for await (const proof of proveAll(project, added, () => null, openScratch, { rows: true })) {
    proofs.push(proof);
    findings.push(...findingsOf(proof, byId.get(proof.revision)));
  }
  const seconds = proofs.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000;
  if (maxSeconds !== null && seconds > maxSeconds) {
    const [slowest] = [...proofs].sort((a, b) => b.durationMs - a.durationMs);
    const revision = byId.get(slowest?.revision ?? "");
    findings.push({
      ...at(revision),
      code: "too-slow",
      severity: "error",
      message: `The revisions took ${seconds.toFixed(1)} s up, down and up again; ${maxSeconds} s are the most. The slowest is ${slowest?.revision}`,
      remedy: "Find out what takes so long: aludel trace. Or allow more: maxSeconds.",
    });
  }
  const rows = proofs.reduce((sum, { rows }) => sum + (rows?.rows ?? 0), 0);
  const times = proofs.map(({ revision, durationMs }) => `${revision} ${(durationMs / 1_000).toFixed(1)} s`);
  return {
    looked: `up, down and up on ${proofs[0]?.scratch ?? "a scratch database"} with ${rows} rows: ${times.join(", ")}`,
    skipped: null,
    findings,
  };
}

function at(revision: Revision | undefined) {
  const file = revision?.file ?? null;
  return { check: "smoke", file, line: file === null ? null : 1, revision: revision?.id ?? null } as const;
}

function findingsOf(proof: Proof, revision: Revision | undefined): readonly GateFinding[] {
  const failed = proof.steps.filter(({ result }) => result === "failed");
  const errors = failed.map(
    (step): GateFinding => ({
      ...at(revision),
      code: "proof-failed",
      severity: "error",
      message: `"${step.part}" failed: ${step.lines.join("; ")}`,
      remedy: step.remedy ?? `Mend the revision, and try it alone: aludel verify ${proof.revision}.`,
    }),
  );
  const refused = new Set(proof.rows?.refused);
  const told = (proof.rows?.findings ?? []).map(
    (message): GateFinding => ({
      ...at(revision),
      code: "rows-in-the-way",
      severity: refused.has(message) ? "error" : "warning",
      message,
      remedy: refused.has(message)
        ? "Fill or mend the rows before, in the revision itself or in an earlier one: --backfill of `aludel revision`. Where there can be no such rows, let it ask for that: op.assert."
        : "Know it when it runs.",
    }),
  );
  return [...errors, ...told];
}

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
    return { looked: "all revisions from an empty database", skipped: null, findings: [refused(error)] };
  } finally {
    await scratch.dispose();
  }
}

function refused(error: AludelError): GateFinding {
  const { file = null, line = null, revision = null } = error.where;
  return {
    check: "drift",
    code: error.code,
    severity: "error",
    message: error.message,
    remedy: error.remedy,
    file,
    line,
    revision,
  };
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
