import { applyOp } from "../../../op/apply.js";
import type { Op, TableOp } from "../../../op/op.js";
import { copySchema } from "../../../schema/build.js";
import { type ObjectName, sameName } from "../../../schema/name.js";
import type { Schema } from "../../../schema/schema.js";
import { inPlace, tableOfOp } from "./in-place.js";

/**
 * Consecutive ops on one table, of which at least one needs a rebuild, become one `batch-alter-table`, and so one
 * rebuild. Nothing is moved past an op on something else.
 * @throws AludelError `op-impossible` when an op contradicts the schema.
 */
export function arrange(ops: readonly Op[], before: Schema): readonly Op[] {
  const result: Op[] = [];
  const draft = copySchema(before);
  let run: { readonly name: ObjectName; readonly ops: TableOp[]; needsRebuild: boolean } | null = null;
  const close = () => {
    if (run === null) return;
    if (run.needsRebuild && run.ops.length > 1) {
      result.push({ kind: "batch-alter-table", name: run.name, ops: run.ops });
    } else result.push(...run.ops);
    run = null;
  };
  for (const op of ops) {
    const target = tableOfOp(op);
    if (target === null) {
      close();
      result.push(op);
    } else {
      if (run !== null && !sameName(run.name, target.name)) close();
      run ??= { name: target.name, ops: [], needsRebuild: false };
      run.ops.push(target.op);
      if (inPlace(draft, target.name, [target.op], null) === null) run.needsRebuild = true;
    }
    applyOp(draft, op);
  }
  close();
  return result;
}
