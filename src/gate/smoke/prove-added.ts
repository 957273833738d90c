import type { Proof } from "../../check/proof.js";
import { proveAll } from "../../check/prove.js";
import type { Scratch } from "../../dialect/dialect.js";
import type { Revision } from "../../revision/revision.js";
import type { Gate, GateFinding } from "../check.js";
import { placed, type SmokePart } from "./part.js";

/**
 * The new revisions run on a scratch database that is where they begin, with rows in its tables: up, down and up
 * again. Rows and schema are to be what they should.
 */
export async function proveAdded(
  { project, added }: Gate,
  openScratch: () => Promise<Scratch>,
): Promise<SmokePart> {
  const byId = new Map(added.map((revision) => [revision.id, revision]));
  const findings: GateFinding[] = [];
  const proofs: Proof[] = [];
  for await (const proof of proveAll(project, added, () => null, openScratch, { rows: true })) {
    proofs.push(proof);
    findings.push(...findingsOf(proof, byId.get(proof.revision)));
  }
  const rows = proofs.reduce((sum, { rows }) => sum + (rows?.rows ?? 0), 0);
  return {
    looked: `up, down and up on ${proofs[0]?.scratch ?? "a scratch database"} with ${rows} rows`,
    findings,
    times: proofs.map(({ revision, durationMs }) => ({
      mode: "upgrade-from-previous",
      revision,
      direction: "up, down and up",
      milliseconds: Math.round(durationMs),
    })),
  };
}

function findingsOf(proof: Proof, revision: Revision | undefined): readonly GateFinding[] {
  const failed = proof.steps.filter(({ result }) => result === "failed");
  const errors = failed.map(
    (step): GateFinding => ({
      ...placed(revision),
      code: "proof-failed",
      severity: "error",
      message: `"${step.part}" failed: ${step.lines.join("; ")}`,
      remedy: step.remedy ?? `Mend the revision, and try it alone: aludel verify ${proof.revision}.`,
    }),
  );
  const refused = new Set(proof.rows?.refused);
  const told = (proof.rows?.findings ?? []).map(
    (message): GateFinding => ({
      ...placed(revision),
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
