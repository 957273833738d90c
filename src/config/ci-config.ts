import { resolve } from "node:path";
import type { RevisionCount, SmokeMode } from "./choices.js";
import type { CiShape } from "./shape.js";

/** A difference between models and database that is known. */
export interface AllowedDrift {
  /** What the line of the difference has in it: `column users.legacy`. */
  readonly match: string;
  readonly reason: string;
}

/** A query that a change may break. */
export interface AllowedBreak {
  /** What the query, or what is said of it, has in it: `FROM legacy_reports`. */
  readonly match: string;
  readonly reason: string;
}

/** What `aludel ci` is configured with, complete. */
export interface CiConfig {
  /** `at-most-one`: of the graph, in one change; `exactly-one`: also at least one where the models have changed. */
  readonly revisions: RevisionCount;
  /** Days that an exception of the guard may be ahead; 30 at most. */
  readonly exceptionDays: number;
  readonly allowedDrift: readonly AllowedDrift[];
  /** Seconds that the revisions of a change may take on the scratch database; `null` for as long as they take. */
  readonly maxSeconds: number | null;
  readonly smoke: SmokeMode;
  /** The dump of `from-dump`, absolute; `null` leaves it to the command line. */
  readonly dump: string | null;
  /** After the upgrade one revision is taken back and run again. */
  readonly downgrade: boolean;
  /** Globs of files with queries of the application, from the folder of the configuration; `!` in front takes files out. */
  readonly queries: readonly string[];
  readonly allowedBreaks: readonly AllowedBreak[];
}

export const ciDefaults: CiConfig = {
  revisions: "any",
  exceptionDays: 30,
  allowedDrift: [],
  maxSeconds: null,
  smoke: "upgrade-from-previous",
  dump: null,
  downgrade: false,
  queries: [],
  allowedBreaks: [],
};

/** What a configuration says, with what it does not say. */
export function ciOf(shape: CiShape, root: string): CiConfig {
  return {
    revisions: shape.revisions ?? ciDefaults.revisions,
    exceptionDays: shape.exceptionDays ?? ciDefaults.exceptionDays,
    allowedDrift: shape.allowedDrift ?? ciDefaults.allowedDrift,
    maxSeconds: shape.maxSeconds ?? ciDefaults.maxSeconds,
    smoke: shape.smoke ?? (shape.dump === undefined ? ciDefaults.smoke : "from-dump"),
    dump: shape.dump === undefined ? null : resolve(root, shape.dump),
    downgrade: shape.downgrade ?? ciDefaults.downgrade,
    queries: shape.queries ?? ciDefaults.queries,
    allowedBreaks: shape.allowedBreaks ?? ciDefaults.allowedBreaks,
  };
}
