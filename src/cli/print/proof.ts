import type { Proof } from "../../check/prove.js";
import { AludelError } from "../../error/error.js";
import type { Output } from "../output.js";
import { showDuration } from "./progress.js";

/** `proved on PGlite in memory in 3.1 s: upgrade, models equal, downgrade, start equal, upgrade again` */
export function showProof(out: Output, proof: Proof): string {
  const held = proof.steps
    .filter(({ part, result }) => result === "held" && part !== "history")
    .map(({ part }) => part);
  const skipped = proof.steps.filter(({ result }) => result === "skipped");
  const failed = proof.steps.filter(({ result }) => result === "failed");
  const verdict = proof.holds ? out.style("green", "proved") : out.style("red", "not proved");
  return [
    `${proof.revision} ${verdict} on ${proof.scratch} in ${showDuration(proof.durationMs)}: ${held.join(", ")}`,
    ...skipped.map(({ part, lines }) => `  ${part} skipped: ${lines.join("; ")}`),
    ...failed.flatMap(({ part, lines, remedy }) => [
      `  ${part} failed:`,
      ...lines.map((line) => `    ${line}`),
      ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ]),
  ].join("\n");
}

/** The error of a revision that does not do what it should. The file stays, so that it can be mended. */
export function proofFailure(proof: Proof, file: string): AludelError {
  const failed = proof.steps.find(({ result }) => result === "failed");
  return new AludelError(
    "proof-failed",
    `Revision ${proof.revision} is written but not proved: "${failed?.part}" failed`,
    {
      where: {
        file,
        revision: proof.revision,
        ...(failed?.statement === undefined ? {} : { statement: failed.statement }),
      },
      details: failed?.lines ?? [],
      data: { proof },
      remedy: `${failed?.remedy ?? "Mend the file."} Then run \`aludel verify ${proof.revision}\`.`,
    },
  );
}
