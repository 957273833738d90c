import type { Code } from "../../error/codes.js";
import type { Where } from "../../error/error.js";

/** One thing wrong with a graph: an error that is not thrown yet. */
export interface Problem {
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
  readonly where: Where;
  /** The property of the revision that has the mistake, and of a list the name in it. */
  readonly property?: "id" | "revises" | "dependsOn" | "labels";
  readonly name?: string;
}
