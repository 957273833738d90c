import type { BulkValue } from "../op/op.js";
import type { NameInput, Operations } from "../revision/operations.js";

export interface UpsertOptions {
  /** The columns that tell whether a row is there: those of a primary key or a unique constraint. */
  readonly key: string | readonly string[];
  /** A row that is there is left as it is, instead of being given the other values. */
  readonly onlyMissing?: boolean;
}

/** What a seed can do. Calls run in the order they are made, in one transaction, awaited or not. */
export type SeedOperations = Pick<
  Operations,
  "dialect" | "arguments" | "execute" | "query" | "bulkInsert" | "assert"
> & {
  /**
   * Puts rows into a table, and gives those that are there already these values: run again it changes nothing.
   *
   *     await seed.upsert("roles", [{ code: "admin", title: "Administrator" }], { key: "code" });
   */
  upsert(
    table: NameInput,
    rows: readonly Readonly<Record<string, BulkValue>>[],
    options: UpsertOptions,
  ): Promise<void>;
};

/** What the file of a seed exports by default. Run again it has to change nothing. */
export type SeedFunction = (seed: SeedOperations) => void | Promise<void>;

/** A seed. Gives back what it is given; it is there for the types. */
export function defineSeed(seed: SeedFunction): SeedFunction {
  return seed;
}
