import { type CompileContext, type Dialect, schemaNeed } from "../dialect/dialect.js";
import type { Step } from "../dialect/step.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { copySchema, emptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { assertionStep } from "./assertion.js";
import { statementSteps } from "./statement-steps.js";

/**
 * The steps of an op on this engine.
 *
 * `before` is asked for only where the dialect's `needsSchema` says so. `serverVersion` is `null` when it is not
 * known (a script written without a server).
 */
export async function compileOp(
  dialect: Dialect,
  op: Op,
  before: () => Promise<Schema>,
  serverVersion: number | null,
): Promise<readonly Step[]> {
  if (op.kind === "execute") return statementSteps(dialect, op.sql, op, null);
  if (op.kind === "assert") return [await assertionStep(dialect, op, op)];
  const schema = schemaNeed(dialect, op) ? await before() : emptySchema(dialect.name);
  // The map is total and each function takes its own kind; TypeScript cannot see that the key and the op agree.
  const compile = dialect.compile[op.kind] as (one: Op, context: CompileContext) => readonly Step[];
  return compile(op, { before: schema, serverVersion });
}

/** The steps of ops one after another, each compiled for the schema that those before it leave. */
export async function compileOps(
  dialect: Dialect,
  ops: readonly Op[],
  before: Schema,
  serverVersion: number | null,
): Promise<readonly Step[]> {
  const draft = copySchema(before);
  const steps: Step[] = [];
  for (const op of ops) {
    steps.push(...(await compileOp(dialect, op, async () => draft, serverVersion)));
    applyOp(draft, op);
  }
  return steps;
}
