import type { Proof } from "../../check/proof.js";
import { showLost } from "../../check/rows/report.js";
import { AludelError } from "../../error/error.js";
import type { Output } from "../output.js";
import { count, showDuration } from "./progress.js";

/** `proved on PGlite in memory in 3.1 s: upgrade, models equal, downgrade, start equal, upgrade again` */
export function showProof(out: Output, proof: Proof): string {
  const held = proof.steps
    .filter(({ part, result }) => result === "held" && part !== "history")
    .map(({ part }) => (part === "rows kept" ? keptRows(proof) : part));
  const skipped = proof.steps.filter(({ result }) => result === "skipped");
  const failed = proof.steps.filter(({ result }) => result === "failed");
  const verdict = proof.holds ? out.style("green", "proved") : out.style("red", "not proved");
  return [
    `${proof.revision} ${verdict} on ${proof.scratch} in ${showDuration(proof.durationMs)}: ${held.join(", ")}`,
    ...skipped.map(({ part, lines }) => `  ${part} skipped: ${lines.join("; ")}`),
    ...rowLines(out, proof),
    ...failed.flatMap(({ part, lines, remedy }) => [
      `  ${part} failed:`,
      ...lines.map((line) => `    ${line}`),
      ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ]),
  ].join("\n");
}

/** `rows kept (23 rows in 6 tables)` */
function keptRows({ rows }: Proof): string {
  return rows === null
    ? "rows kept"
    : `rows kept (${count(rows.rows, "row")} in ${count(rows.tables, "table")})`;
}

/** What is lost and said to be, what should be known, and the tables that no row could be put into. */
function rowLines(out: Output, { rows }: Proof): readonly string[] {
  if (rows === null) return [];
  return [
    ...rows.lost.map((lost) => `  lost by the way there and back: ${showLost(lost)}`),
    ...rows.findings.map((finding) => `  ${out.style("yellow", "warning:")} ${finding}`),
    ...rows.unfilled.map(({ table, reason }) => `  no rows in ${table}: ${reason}`),
  ];
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
