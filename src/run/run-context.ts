import type { Connection } from "../dialect/connection.js";
import type { Bookkeeping, Dialect, Home } from "../dialect/dialect.js";
import type { Step } from "../dialect/step.js";
import type { Revision } from "../revision/revision.js";
import type { ObjectName } from "../schema/name.js";
import type { Report } from "./event.js";
import type { Waits } from "./give-way.js";
import type { Runner } from "./runner.js";

/** All that stays the same while the revisions of one run are carried out. */
export interface RunContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly bookkeeping: Bookkeeping;
  readonly runner: Runner;
  /** The project's folder. */
  readonly root: string;
  /** `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** `each`: a transaction for each revision · `all`: the caller has opened one around everything. */
  readonly transaction: "each" | "all";
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Where backfills say how far they are; absent where nobody else is there, and each is one statement. */
  readonly backfillTable?: ObjectName | undefined;
  /** How statements wait for others; absent where nobody else is there. */
  readonly waits?: Waits | undefined;
  /** Which run it is, where the run log has columns for that and for what is counted; absent where it has none. */
  readonly counts?: { readonly run: string | null } | undefined;
  /** Where names without a namespace led when the run began; absent where nobody minds. */
  readonly home?: Home | null;
  /** Takes secrets out of what is written down of an error. */
  readonly redact: (text: string) => string;
  /** Stands around every statement of a revision, and calls `run` to have it carried out. */
  readonly around?: Around | undefined;
}

export type Around = (step: Step, inTransaction: boolean, run: () => Promise<void>) => Promise<void>;

/** One revision to carry out. */
export interface Work {
  readonly revision: Revision;
  readonly direction: "upgrade" | "downgrade";
  readonly rowsBefore: ReadonlySet<string>;
  readonly rowsAfter: ReadonlySet<string>;
  /** Statements that an earlier run has committed already: they are counted and not run again. */
  readonly statementsDone: number;
  /** An earlier run ended without a word in the statement after these, so that nobody knows what became of it. */
  readonly cutOff: boolean;
}
