import type { Op, OpKind } from "../../op/op.js";
import type { Index } from "../../schema/schema.js";
import { indexKeyNode } from "./constraint.js";
import { key, objectName, option, optional, string, strings, texts } from "./literal.js";
import { array, call, type Entry, type Node, object, text } from "./print.js";
import { sqlText } from "./sql.js";
import type { Writer } from "./writer.js";

function createIndex(op: Op<"create-index">, writer: Writer): Node {
  const { index } = op;
  return call(
    "op.createIndex",
    string(index.name),
    objectName(op.table),
    array(index.keys.map((one) => indexKeyNode(writer, one))),
    ...optional(indexEntries(writer, index, op)),
  );
}

function indexEntries(writer: Writer, index: Index, op: Op<"create-index">): readonly Entry[] {
  return [
    ...option("unique", index.unique),
    ...(index.method === "btree" ? [] : [["using", string(index.method)] as const]),
    ...(index.include.length === 0 ? [] : [["include", strings(index.include)] as const]),
    ...(index.where === null ? [] : [["where", sqlText(writer, index.where)] as const]),
    ...option("nullsNotDistinct", index.nullsNotDistinct),
    ...(Object.keys(index.parameters).length === 0 ? [] : [["parameters", texts(index.parameters)] as const]),
    ...option("concurrently", op.concurrently),
    ...placementEntries(index),
    ...(index.comment === null ? [] : [["comment", string(index.comment)] as const]),
    ...option("ifNotExists", op.ifNotExists),
  ];
}

/** Where the index is, and of what it is a part. */
function placementEntries({ tablespace, statistics, only, attachedTo }: Index): readonly Entry[] {
  const targets = Object.entries(statistics ?? {});
  return [
    ...(tablespace === undefined ? [] : [["tablespace", string(tablespace)] as const]),
    ...(statistics === undefined
      ? []
      : [["statistics", object(targets.map(([at, to]): Entry => [key(at), text(String(to))]))] as const]),
    ...option("only", only),
    ...(attachedTo === undefined ? [] : [["attachedTo", objectName(attachedTo)] as const]),
  ];
}

/** The ops on indexes as the calls that make them. */
export const indexRenderers = {
  "create-index": createIndex,
  "drop-index": (op) =>
    call(
      "op.dropIndex",
      string(op.index),
      object([
        ["table", objectName(op.table)],
        ...option("concurrently", op.concurrently),
        ...option("ifExists", op.ifExists),
      ]),
    ),
  "rename-index": (op) =>
    call(
      "op.renameIndex",
      string(op.index),
      string(op.to),
      object([["table", objectName(op.table)], ...option("ifExists", op.ifExists)]),
    ),
} satisfies { readonly [K in OpKind]?: (op: Op<K>, writer: Writer) => Node };
