import type { Op } from "../op/op.js";

/**
 * One statement of a plan.
 *
 * `transaction`: `joins` runs within the revision's transaction · `forbidden` cannot run in one (CONCURRENTLY):
 * what came before is committed first · `separate` must be committed before anything uses it (a new enum value on
 * PostgreSQL) · `alone` has a transaction of its own, because it takes long and what came before holds locks that
 * nobody should wait for that long (VALIDATE CONSTRAINT).
 */
export interface Step {
  readonly sql: string;
  /** The op that it belongs to: SQL never loses its reason. */
  readonly because: Op | null;
  readonly transaction: "joins" | "forbidden" | "separate" | "alone";
  /**
   * Where the user wants it outside the revision's transaction it gets none at all. Other steps that could be in one get one of
   * their own there, in which it is also written down that they ran.
   */
  readonly prefersOutside: boolean;
  /** SQLite: runs only with `PRAGMA foreign_keys` off, which can be set only outside a transaction. */
  readonly foreignKeysOff: boolean;
  /**
   * What an earlier try of a `forbidden` step may have left in its way when it failed or was killed (an invalid
   * index): where `find` has a row, `remove` is run before the step, outside a transaction like it.
   */
  readonly leftover: { readonly find: string; readonly remove: string } | null;
  /**
   * A query with a row where a `forbidden` step has been carried out already. It is asked only after a run that was cut
   * off in this very step: an engine goes on with a statement whose client is gone.
   */
  readonly done: string | null;
  /** Its query must give no row; else the run ends with this sentence. `null` for what is simply run. */
  readonly assertion: string | null;
}

/** A step that joins the revision's transaction, as nearly all do. */
export function step(sql: string, because: Op | null, properties: Partial<Step> = {}): Step {
  return {
    sql,
    because,
    transaction: "joins",
    prefersOutside: false,
    foreignKeysOff: false,
    leftover: null,
    done: null,
    assertion: null,
    ...properties,
  };
}
