import { AludelError } from "../error/error.js";
import { planOnGraph } from "../revision/graph/plan-revisions.js";
import type { Project } from "./project.js";

/** Where a script starts and where it goes. */
export interface ScriptRange {
  readonly rows: readonly string[];
  readonly targets: readonly string[];
}

/**
 * The range of a script: `from:to`, or a target alone. Without `from` an upgrade starts from an empty database; a
 * downgrade must say where it starts, because nothing is asked of a database.
 * @throws AludelError `target-invalid` for a downgrade without `from`.
 */
export function scriptRange(
  project: Project,
  command: "upgrade" | "downgrade",
  targets: readonly string[],
): ScriptRange {
  const [only] = targets;
  const colon = targets.length === 1 && only !== undefined ? only.indexOf(":") : -1;
  if (only === undefined || colon === -1) {
    if (command === "upgrade") return { rows: [], targets };
    throw new AludelError("target-invalid", "The script of a downgrade needs to know where it starts", {
      remedy: "Write both ends: `aludel downgrade FROM:TO --sql`, for example head:-1 or head:base.",
    });
  }
  const from = only.slice(0, colon);
  const to = only.slice(colon + 1);
  const target = from === "" ? "base" : from;
  const { rows } = planOnGraph(project.graph, { rows: [], command: "upgrade", target });
  return { rows, targets: [to === "" ? "heads" : to] };
}
