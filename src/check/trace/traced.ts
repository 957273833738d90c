import type { Measured } from "../../dialect/tracer.js";
import type { AnalysedStatement } from "../../effect/statement.js";

/** A statement that was run on a scratch database. */
export interface TracedStatement {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly sql: string;
  /** `null` for what opens and ends transactions, and for what was not run. */
  readonly measured: Measured | null;
  /** Why it was not run; `null` when it was. */
  readonly skipped: string | null;
  /** The answer without running it; `null` where there is none to hold against. */
  readonly analysed: AnalysedStatement | null;
  /** In what that answer is wrong, a sentence each. */
  readonly differences: readonly string[];
  /** What it takes with as many rows as were asked for; `null` where that does not depend on them. */
  readonly estimated: Estimate | null;
}

export interface Estimate {
  readonly durationMs: number;
  readonly walBytes: number | null;
}

/** A revision, or a file of SQL. */
export interface TracedRun {
  readonly file: string;
  readonly revision: { readonly id: string; readonly message: string } | null;
  readonly statements: readonly TracedStatement[];
}

/** A table that was given rows first. */
export interface GivenRows {
  readonly table: string;
  /** How many were asked for. */
  readonly asked: number;
  /** How many there were in the first and in the second run; the same where one was enough. */
  readonly made: readonly [number, number];
  /** Why there are not as many as there should be. */
  readonly reason: string | null;
}

export interface Trace {
  readonly runs: readonly TracedRun[];
  readonly rows: readonly GivenRows[];
  /** How the scratch database was made. */
  readonly scratch: string;
  readonly server: string;
}
