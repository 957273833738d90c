import type { Dialect } from "../dialect/dialect.js";
import type { Project } from "../run/project.js";
import type { SchemaTrack } from "./schema-track.js";

/** A project of which the engine's code need not be there: it is loaded for revisions that are code. */
export type LintedProject = Omit<Project, "dialect"> & { readonly dialect: Pick<Dialect, "name"> };

export interface PrepareOptions {
  readonly project: LintedProject;
  /** Moves on by what the revision's way up does. */
  readonly track: SchemaTrack;
  /** Comparable, as `Server.version`. */
  readonly serverVersion: number;
  readonly shown: string;
  readonly linted: boolean;
  /** Whether the way back is looked at. */
  readonly downgrade: boolean;
}
