import type { Dialect } from "../dialect/dialect.js";
import { diff } from "../diff/diff.js";
import type { Op } from "../op/op.js";
import { compileOps } from "../plan/compile-op.js";
import { emptySchema } from "../schema/build.js";
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
  const steps = await compileOps(dialect, ops, before, serverVersion);
  const statements = steps.map((step) => `${step.sql};`);
  return statements.length === 0 ? "" : `${statements.join("\n\n")}\n`;
}
