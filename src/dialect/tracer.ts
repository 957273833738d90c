import type { LockMode } from "../effect/lock.js";

/** What a statement was seen to do. Relations are named `namespace.name`, as they were called before it. */
export interface Measured {
  /** On each relation that existed before the run the strongest of the locks that the statement has newly taken. */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** What its transaction held before it: weaker locks on these cannot be seen. */
  readonly held: ReadonlyMap<string, LockMode>;
  /**
   * `held`: read before the commit, all of them · `sampled`: watched from another session, those that were there long
   * enough · `nothing`: they could not be looked at.
   */
  readonly locksSeen: "held" | "sampled" | "nothing";
  /** Relations whose rows were written into a new file. */
  readonly rewrites: readonly string[];
  /** Tables that had a new file of this transaction before, which may be written over without another one. */
  readonly rewritten: readonly string[];
  /** Tables that were read from end to end in order to prove something. */
  readonly scans: readonly string[];
  readonly indexBuilds: readonly string[];
  /** Referencing tables of which every row was looked up. */
  readonly foreignKeyChecks: readonly string[];
  /** Tables that were read from end to end, for whatever purpose; `null` where that is not counted. */
  readonly reads: readonly string[] | null;
  /** Tables that did not have to be read, because a valid constraint proves the same. */
  readonly proved: readonly string[];
  /** Without the time for which it was held back in order to be watched. */
  readonly durationMs: number;
  /** What the server wrote to its log meanwhile, other sessions included; `null` where it does not say. */
  readonly walBytes: number | null;
}

/** Watches the statements of one session. */
export interface Tracer {
  /** What is there now existed before the run that begins. */
  begin(): Promise<void>;
  /**
   * Watches while `run` carries out the statement in the session. What its settings were they are again afterwards; when it
   * fails, its error comes through.
   */
  measure(sql: string, inTransaction: boolean, run: () => Promise<void>): Promise<Measured>;
  /** Ends the sessions that it has opened. */
  close(): Promise<void>;
}
