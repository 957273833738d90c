import type { PhaseHeader } from "./phase.js";

/** A revision as its file says, read without running it. `revises` is empty for a base, two or more is a merge point. */
export interface Revision extends PhaseHeader {
  readonly id: string;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  /** Stands after the graph instead of in it, and runs again whenever its content has changed. */
  readonly repeatable?: true;
  readonly message: string;
  readonly createdAt: Date | null;
  /** Absolute path. */
  readonly file: string;
  readonly format: "typescript" | "sql";
  /** `sha256` in hex of the file's bytes with line ends made `\n`. */
  readonly checksum: string;
}

/** What the graph needs to know of a revision: the shape of the cases that the graph is tested with. */
export type RevisionNode = Pick<Revision, "id" | "revises" | "dependsOn" | "labels">;
