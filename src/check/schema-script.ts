import type { Dialect } from "../dialect/dialect.js";
import { diff } from "../diff/diff.js";
import type { Op } from "../op/op.js";
import { compileOps } from "../plan/compile-op.js";
import { emptySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import { diffOptions } from "./differences.js";

/**
 * The SQL that makes a schema in an empty database, one statement after another in an order that runs. From the first routine
 * on no body is looked into, as in a dump: it may name what only the search path of its callers has.
 */
export async function schemaScript(
  dialect: Dialect,
  schema: Schema,
  serverVersion: number | null,
): Promise<string> {
  const empty = emptySchema(dialect.name);
  const ops = diff(empty, schema, diffOptions(dialect)).ops.map(checkedAlike);
  const steps = await compileOps(dialect, ops, empty, serverVersion);
  const statements = steps.map(({ sql }) => sql);
  const routine = steps.findIndex(({ because }) => because !== null && hasBody(dialect, because));
  if (routine >= 0 && dialect.uncheckedBodies !== null) {
    statements.splice(routine, 0, dialect.uncheckedBodies);
  }
  return statements.length === 0 ? "" : `${statements.map((sql) => `${sql};`).join("\n\n")}\n`;
}

function checkedAlike(op: Op): Op {
  if (op.kind !== "create-defined") return op;
  const { unchecked: _, ...rest } = op;
  return rest;
}

function hasBody(dialect: Dialect, op: Op): boolean {
  return op.kind === "create-defined" && dialect.checksBody?.(op.object) === true;
}
