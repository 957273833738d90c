import type { Op, OpKind } from "../../op/op.js";
import type { View, ViewColumnProperties } from "../../schema/schema.js";
import { key, objectName, option, optional, string, strings, texts } from "./literal.js";
import { call, type Entry, type Node, object, text } from "./print.js";
import { defaultValue, sqlText } from "./sql.js";
import { physicalOrderEntries, storageNode } from "./storage.js";
import type { Writer } from "./writer.js";

const plain = { string: true, number: true, bigint: true, boolean: true };

/** What a column has beyond the query. */
function columnNode(writer: Writer, properties: ViewColumnProperties): Node {
  const entries: Entry[] = [];
  if (properties.default !== undefined) {
    entries.push(["default", defaultValue(writer, properties.default, plain)]);
  }
  if (properties.comment !== undefined) entries.push(["comment", string(properties.comment)]);
  if (properties.storage !== undefined) entries.push(["storage", storageNode(properties.storage)]);
  return object(entries);
}

function columnEntries(writer: Writer, { columnProperties }: View): readonly Entry[] {
  if (columnProperties === undefined) return [];
  const columns = Object.entries(columnProperties);
  return [
    [
      "columnProperties",
      object(columns.map(([name, properties]): Entry => [key(name), columnNode(writer, properties)])),
    ],
  ];
}

function viewEntries(writer: Writer, { view, orReplace, ifNotExists }: Op<"create-view">): readonly Entry[] {
  if (view.indexes.length > 0)
    throw new Error(`create-view ${view.name} has indexes, which are ops of their own`);
  return [
    ...option("materialized", view.materialized),
    ...(view.columns === undefined ? [] : [["columns", strings(view.columns)] as const]),
    ["as", sqlText(writer, view.definition)],
    ...(Object.keys(view.parameters).length === 0 ? [] : [["parameters", texts(view.parameters)] as const]),
    ...(view.withData ? [] : [["withData", text("false")] as const]),
    ...(view.method === null ? [] : [["using", string(view.method)] as const]),
    ...(view.tablespace === null ? [] : [["tablespace", string(view.tablespace)] as const]),
    ...columnEntries(writer, view),
    ...physicalOrderEntries(view.options ?? {}),
    ...(view.comment === null ? [] : [["comment", string(view.comment)] as const]),
    ...option("orReplace", orReplace),
    ...option("ifNotExists", ifNotExists),
  ];
}

const materialized = (op: { readonly materialized: boolean }) => option("materialized", op.materialized);

/** The ops on views as the calls that make them. */
export const viewRenderers = {
  "create-view": (op, writer) => call("op.createView", objectName(op.view), object(viewEntries(writer, op))),
  "drop-view": (op) =>
    call(
      "op.dropView",
      objectName(op.name),
      ...optional([...materialized(op), ...option("ifExists", op.ifExists)]),
    ),
  "rename-view": (op) =>
    call(
      "op.renameView",
      objectName(op.name),
      string(op.to),
      ...optional([...materialized(op), ...option("ifExists", op.ifExists)]),
    ),
  "alter-view-column": (op, writer) =>
    call(
      "op.alterViewColumn",
      objectName(op.name),
      string(op.column),
      op.properties === null ? text("null") : columnNode(writer, op.properties),
      ...optional(materialized(op)),
    ),
} satisfies { readonly [K in OpKind]?: (op: Op<K>, writer: Writer) => Node };
