import type { DialectName } from "../schema/name.js";
import type { SourceName } from "./source.js";

/** Models that a project seems to have: guessed from the text of its files, none of which is run. */
export interface DetectedModels {
  readonly source: SourceName;
  /** `null` where the files do not say. */
  readonly dialect: DialectName | null;
  /** Paths and globs, relative to the project's folder and beginning with `./`. */
  readonly schema: readonly string[];
  /** The environment variable that the database's URL is taken from, if the project names one. */
  readonly urlVariable: string | null;
  /** What it was told by, for a person. */
  readonly told: string;
}
