import type { Step } from "../dialect/step.js";
import type { GivenStatement } from "../effect/statement.js";
import type { Op } from "../op/op.js";
import type { Place } from "./place.js";
import type { Way } from "./prepared.js";

/** A way of a revision, with what there is of it. */
export function wayWith(shown: string, parts: Partial<Way>): Way {
  const sql = { file: shown, text: "", statements: [], inTransaction: true };
  return { sql, places: [], irreversible: null, queried: false, failures: [], ...parts };
}

/** A step as a statement at its place. */
export function givenStatement(
  step: Step,
  op: Op | null,
  place: Place | undefined,
  autocommit: boolean,
): GivenStatement {
  const { line, endLine } = place ?? { line: 1, endLine: 1 };
  const outside = autocommit || step.transaction === "forbidden" || step.transaction === "alone";
  const committed = step.transaction === "separate";
  return {
    sql: step.sql,
    op,
    line,
    endLine,
    ...(outside ? { outside } : {}),
    ...(committed ? { committed } : {}),
  };
}
