import { prove } from "../check/prove.js";
import { type AddedIndex, outcomeDifferences, outcomeOf } from "../check/same-result.js";
import type { Scratch } from "../dialect/dialect.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";

/** Whether a revision that was rewritten leads to the same schema and rows, and back. */
export type FixProof =
  | { readonly result: "proved"; readonly lines: readonly [] }
  | { readonly result: "failed"; readonly lines: readonly string[] }
  /** There was nothing to ask: no scratch database, or the revision as it was does not run itself. */
  | { readonly result: "not proved"; readonly lines: readonly string[] };

/** Runs a revision as it was and as it is rewritten on scratch databases, with the history of each, up and down. */
export async function proveFixed(
  [before, after]: readonly [before: Project, after: Project],
  { id }: Revision,
  openScratch: () => Promise<Scratch>,
  added: readonly AddedIndex[],
): Promise<FixProof> {
  const own = after.revisions.find((one) => one.id === id);
  if (own === undefined) return { result: "not proved", lines: ["It is repeatable."] };
  let plain: Awaited<ReturnType<typeof outcomeOf>>;
  try {
    plain = await outcomeOf(before, id, openScratch);
  } catch (error) {
    return { result: "not proved", lines: [messageOf(error)] };
  }
  try {
    const differing = await outcomeDifferences(after, id, plain, openScratch, added);
    if (differing.length > 0) return { result: "failed", lines: ["It leads elsewhere:", ...differing] };
    const proof = await prove(after, own, null, openScratch, { rows: false });
    const failed = proof.steps.filter(({ result }) => result === "failed");
    if (failed.length === 0) return { result: "proved", lines: [] };
    const was = before.revisions.find((one) => one.id === id);
    // What did not hold before is no fault of the rewriting.
    if (was !== undefined && !(await prove(before, was, null, openScratch, { rows: false })).holds)
      return { result: "proved", lines: [] };
    return { result: "failed", lines: failed.flatMap(({ part, lines }) => [`${part}:`, ...lines]) };
  } catch (error) {
    if (error instanceof AludelError && error.code === "scratch-unavailable")
      return { result: "not proved", lines: [error.message] };
    return { result: "failed", lines: [messageOf(error)] };
  }
}
