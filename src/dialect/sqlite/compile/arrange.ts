import { applyOp, applyOps, invertOps } from "../../../op/apply.js";
import type { Op, TableOp } from "../../../op/op.js";
import { copySchema } from "../../../schema/build.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Schema, Table } from "../../../schema/schema.js";
import { inPlace, tableOfOp } from "./in-place.js";

/**
 * Ops on one table, of which at least one needs a rebuild, become one `batch-alter-table`, and so one rebuild. They are
 * moved past ops on other tables, past new tables and past indexes (made, renamed and dropped), which this engine does not
 * mind, and past nothing else.
 * @throws AludelError `op-impossible` when an op contradicts the schema.
 */
export function arrange(ops: readonly Op[], before: Schema): readonly Op[] {
  const together = gather(ops);
  if (together.every((op, place) => op === ops[place])) return inBatches(ops, before);
  try {
    const arranged = inBatches(together, before);
    // The way back has to be possible in its order, too.
    applyOps(applyOps(before, arranged), invertOps(before, arranged).ops);
    return arranged;
  } catch {
    // A key or column that another table's foreign key is to point at may have to be there first.
    return inBatches(ops, before);
  }
}

/** The ops on each table one after the other, and after them tables that point at these, tables that go, and new indexes. */
function gather(ops: readonly Op[]): readonly Op[] {
  const result: Op[] = [];
  const tables = new Map<string, Op[]>();
  const made = new Map<string, Op[]>();
  const gone = new Map<string, Op>();
  const indexes: Op[] = [];
  const close = () => {
    result.push(...[...tables.values(), ...made.values(), ...gone.values(), indexes].flat());
    for (const list of [tables, made, gone]) list.clear();
    indexes.length = 0;
  };
  for (const op of ops) {
    const target = tableOfOp(op);
    if (op.kind === "create-index") indexes.push(op);
    else if (op.kind === "drop-index" || op.kind === "rename-index") result.push(op);
    else if (op.kind === "drop-table") gone.set(nameKey(op.name), op);
    else if (op.kind === "create-table") {
      if (gone.has(nameKey(op.table))) close();
      // Others ask for nothing of the ops on tables that are here.
      if (made.size > 0 || pointsAt(op.table, tables)) made.set(nameKey(op.table), [op]);
      else result.push(op);
    } else if (target === null || op.kind === "rename-column" || op.kind === "rename-constraint") {
      close();
      result.push(op);
    } else {
      const key = nameKey(target.name);
      const own = made.get(key) ?? tables.get(key);
      if (own === undefined) tables.set(key, [op]);
      else own.push(op);
    }
  }
  close();
  return result;
}

/** It may point at a column that ops on these tables make, so that the way back has to drop it first. */
function pointsAt(table: Table, tables: ReadonlyMap<string, unknown>): boolean {
  return table.constraints.some(
    (one) => one.kind === "foreign-key" && tables.has(nameKey(one.references.table)),
  );
}

function inBatches(ops: readonly Op[], before: Schema): readonly Op[] {
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
