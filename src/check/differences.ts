import type { Dialect } from "../dialect/dialect.js";
import type { DiffOptions } from "../diff/contract.js";
import { diffWithEngine } from "../diff/diff.js";
import { describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import type { Schema } from "../schema/schema.js";
import type { Slot } from "../schema/slot.js";
import type { Ask } from "./ask.js";

/** What is between two schemas. */
export interface Differences {
  readonly ops: readonly Op[];
  /** A line for a person for each op. */
  readonly lines: readonly string[];
  /** Places that could not be decided, with the reason. */
  readonly undecided: ReadonlyMap<Slot, string>;
}

/** The options that a dialect gives to a diff. */
export function diffOptions(dialect: Dialect): DiffOptions {
  return {
    sameExpression: dialect.sameExpression,
    ...(dialect.castExpression === undefined ? {} : { castExpression: dialect.castExpression }),
    ...(dialect.canReplace === undefined ? {} : { canReplace: dialect.canReplace }),
    can: {
      comments: dialect.can.comments,
      forwardReferences: dialect.can.forwardReferences,
      fillsNulls: dialect.can.fillsNulls,
      keepsNames: dialect.can.keepsNames,
      collationIsType: dialect.can.collationIsType,
      grants: dialect.can.grants,
      defaultNamespace: dialect.can.defaultNamespace,
      defaultNamespaceComment: dialect.can.defaultNamespaceComment,
    },
  };
}

/**
 * The ops that lead from one schema to the other, for checks: renames are not looked for, because a check asks
 * whether there is a difference, not what to call it.
 */
export async function differences(
  dialect: Dialect,
  from: Schema,
  to: Schema,
  ask: Ask | null,
): Promise<Differences> {
  const result = await diffWithEngine(from, to, diffOptions(dialect), ask);
  return { ops: result.ops, lines: result.ops.map(describeOp), undecided: result.undecided };
}
