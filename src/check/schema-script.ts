import type { Dialect } from "../dialect/dialect.js";
import { diff } from "../diff/diff.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { copySchema, emptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { diffOptions } from "./differences.js";

/** The SQL that makes a schema in an empty database, one statement after another in an order that runs. */
export async function schemaScript(
  dialect: Dialect,
  schema: Schema,
  serverVersion: number | null,
): Promise<string> {
  const { ops } = diff(emptySchema(dialect.name), schema, diffOptions(dialect));
  return opsScript(dialect, emptySchema(dialect.name), ops, serverVersion);
}

/** The SQL of ops that start from `before`. */
export async function opsScript(
  dialect: Dialect,
  before: Schema,
  ops: readonly Op[],
  serverVersion: number | null,
): Promise<string> {
  const statements: string[] = [];
  const draft = copySchema(before);
  for (const op of ops) {
    const steps = await compileOp(dialect, op, async () => draft, serverVersion);
    statements.push(...steps.map((step) => `${step.sql};`));
    applyOp(draft, op);
  }
  return statements.length === 0 ? "" : `${statements.join("\n\n")}\n`;
}
