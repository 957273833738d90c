import type { Row } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Op } from "../op/op.js";
import { createOperations } from "../revision/create-operations.js";
import { placeOfThrow } from "../revision/load-error.js";
import type { SeedOperations, UpsertOptions } from "./define-seed.js";

/** What a seed's function has asked for. */
export interface AskedOp {
  readonly op: Op;
  /** Where in the seed's file; `null` where that cannot be told. */
  readonly line: number | null;
  /** The options of an upsert, not looked at yet; `null` for whatever else. */
  readonly upsert: UpsertOptions | null;
}

export interface SeedTarget {
  readonly dialect: Dialect;
  readonly arguments: Readonly<Record<string, string>>;
  readonly file: string;
  readonly perform: (asked: AskedOp) => Promise<void>;
  readonly query: (
    sql: string,
    parameters: readonly unknown[],
    line: number | null,
  ) => Promise<readonly Row[]>;
}

/**
 * What a seed's function is given: some of the operations of a revision, in the same order and with the same care for
 * calls that nobody waits for, and `upsert`.
 */
export function seedOperations(target: SeedTarget): {
  readonly operations: SeedOperations;
  /** To be called when the function has ended. @throws the first failure. */
  readonly settle: () => Promise<void>;
} {
  const { dialect, file } = target;
  const asked = new WeakMap<Op, Omit<AskedOp, "op">>();
  const lines: (number | null)[] = [];
  let upsert: AskedOp["upsert"] = null;
  const { op, settle } = createOperations({
    dialect,
    arguments: target.arguments,
    called: () => {
      const about = { line: callLine(file), upsert };
      return (ops) => {
        for (const one of ops) asked.set(one, about);
      };
    },
    perform: (one) => target.perform({ op: one, ...(asked.get(one) ?? { line: null, upsert: null }) }),
    // They run in the order in which they were called.
    query: (sql, parameters) => target.query(sql, parameters, lines.shift() ?? null),
  });
  const operations: SeedOperations = {
    dialect: op.dialect,
    arguments: op.arguments,
    execute: op.execute,
    bulkInsert: op.bulkInsert,
    assert: op.assert,
    query: (sql, parameters) => {
      lines.push(callLine(file));
      return op.query(sql, parameters);
    },
    upsert: (table, rows, options) => {
      // Callers without types may give none, which is told when its turn comes.
      upsert = options ?? { key: [] };
      // What is to be done is noted within this call.
      const done = op.bulkInsert(table, rows);
      upsert = null;
      return done;
    },
  };
  return { operations: Object.freeze(operations), settle };
}

/** The line of the file that this was called from. */
function callLine(file: string): number | null {
  const limit = Error.stackTraceLimit;
  // Functions of the user's may lie between the call and the file.
  Error.stackTraceLimit = 40;
  const here = new Error();
  Error.stackTraceLimit = limit;
  return placeOfThrow(here, file, file)?.line ?? null;
}
