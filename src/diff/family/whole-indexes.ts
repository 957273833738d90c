import { isCloneOf } from "../../op/inherit/index.js";
import { nameKey, type ObjectName, sameName } from "../../schema/name.js";
import type { Index, Schema } from "../../schema/schema.js";
import type { Work } from "../work.js";

/**
 * An index that a partition has in a form of its own cannot be made together with its parent's: that is made alone, the
 * partitions' one by one, and these are attached.
 */
export function wholeIndexes(work: Work): void {
  const ops = work.phases.createIndexes.splice(0);
  for (const op of ops) {
    if (op.kind !== "create-index" || (op.index.only && op.index.attachedTo === undefined)) {
      work.phases.createIndexes.push(op);
      continue;
    }
    const { attachedTo, ...index } = op.index;
    const alone = index.only !== true && hasStrangeCopies(work.to, op.table, op.index);
    work.phases.createIndexes.push({ ...op, index: alone ? { ...index, only: true } : index });
    if (attachedTo !== undefined) {
      work.phases.createIndexes.push({
        kind: "attach-index",
        table: op.table,
        index: index.name,
        to: attachedTo,
      });
    }
  }
}

function hasStrangeCopies(schema: Schema, table: ObjectName, index: Index): boolean {
  if (schema.tables.get(nameKey(table))?.partitioning === undefined) return false;
  const name = { namespace: table.namespace, name: index.name };
  for (const child of schema.tables.values()) {
    if (child.partition === undefined || !sameName(child.partition.of, table)) continue;
    const copy = child.indexes.find((one) => one.attachedTo !== undefined && sameName(one.attachedTo, name));
    if (copy === undefined || !isCloneOf(index, copy)) return true;
    if (hasStrangeCopies(schema, child, copy)) return true;
  }
  return false;
}
