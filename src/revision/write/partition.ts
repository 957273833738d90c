import type { Op, OpKind } from "../../op/op.js";
import type { Partition, Table } from "../../schema/schema.js";
import { objectName, option, optional, string } from "./literal.js";
import { array, call, type Entry, type Node, object } from "./print.js";
import { sqlText } from "./sql.js";
import type { Writer } from "./writer.js";

function partitionNode(writer: Writer, { of, bounds }: Partition): Node {
  return object([
    ["table", objectName(of)],
    ["bounds", sqlText(writer, bounds)],
  ]);
}

/** Of what a table is a part, and what parts it has. */
export function kinshipEntries(writer: Writer, table: Table): readonly Entry[] {
  const { partitioning, partition, inherits, ofType } = table;
  const entries: Entry[] = [];
  if (partitioning !== undefined) {
    const { strategy, keys } = partitioning;
    entries.push([
      "partitionBy",
      object([
        ["strategy", string(strategy)],
        ["keys", sqlText(writer, keys)],
      ]),
    ]);
  }
  if (partition !== undefined) entries.push(["partitionOf", partitionNode(writer, partition)]);
  if (inherits !== undefined) entries.push(["inherits", array(inherits.map(objectName))]);
  if (ofType !== undefined) entries.push(["ofType", objectName(ofType)]);
  return entries;
}

/** The ops on partitions and inheritance as the calls that make them. */
export const partitionRenderers = {
  "attach-partition": (op, writer) =>
    call("op.attachPartition", objectName(op.name), partitionNode(writer, op.partition)),
  "detach-partition": (op) =>
    call("op.detachPartition", objectName(op.name), ...optional(option("concurrently", op.concurrently))),
  "set-inheritance": (op) =>
    call("op.setInheritance", objectName(op.name), array(op.inherits.map(objectName))),
  "attach-index": (op) =>
    call("op.attachIndex", string(op.index), objectName(op.to), object([["table", objectName(op.table)]])),
} satisfies { readonly [K in OpKind]?: (op: Op<K>, writer: Writer) => Node };
