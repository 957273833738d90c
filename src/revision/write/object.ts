import type { Op, OpKind } from "../../op/op.js";
import type { DefinedName } from "../../schema/address.js";
import type { Defined } from "../../schema/schema.js";
import { namingOf, type ObjectNaming, targetKey } from "../object-naming.js";
import { objectName, option, optional, string } from "./literal.js";
import { array, call, type Entry, type Node, object } from "./print.js";
import { sqlText } from "./sql.js";
import type { Writer } from "./writer.js";

/** True when the operations of its kind can say all that the object is known by. */
function isSayable({ by }: ObjectNaming, { namespace, name, table, signature }: DefinedName): boolean {
  if (name === "" || (table !== null) !== (by === "table")) return false;
  if (signature !== "" && by !== "arguments") return false;
  return namespace === null || by === "name" || by === "arguments";
}

/** The naming of the object's kind, where its operations can say what the object is known by. */
function ownNaming(known: DefinedName): ObjectNaming | null {
  const naming = namingOf(known.kind);
  return naming !== null && isSayable(naming, known) ? naming : null;
}

function routineNode({ namespace, name, signature }: DefinedName): Node {
  if (signature === "") return objectName({ namespace, name });
  return object([
    ...(namespace === null ? [] : [["schema", string(namespace)] as const]),
    ["name", string(name)],
    ["arguments", string(signature)],
  ]);
}

const ownNode = (naming: ObjectNaming, known: DefinedName): Node =>
  naming.by === "arguments" ? routineNode(known) : objectName(known);

/** An object by all that it is known by. */
function anyNode({ namespace, name, table, signature }: DefinedName): Node {
  if (namespace === null && table === null && signature === "" && name !== "") return string(name);
  const entries: Entry[] = [];
  if (namespace !== null) entries.push(["schema", string(namespace)]);
  if (name !== "" || signature === "") entries.push(["name", string(name)]);
  if (table !== null) entries.push(["table", objectName(table)]);
  if (signature !== "") entries.push(["signature", string(signature)]);
  return object(entries);
}

/** Method and first arguments of a call on an object; the table of a trigger is named right after it. */
function callOn(verb: "create" | "replace" | "drop", known: DefinedName, ...rest: readonly Node[]): Node {
  const naming = ownNaming(known);
  if (naming === null || (verb === "replace" && !naming.replaceable)) {
    return call(`op.${verb}Object`, string(known.kind), anyNode(known), ...rest);
  }
  const table = known.table === null || verb === "drop" ? [] : [objectName(known.table)];
  return call(`op.${verb}${naming.noun}`, ownNode(naming, known), ...table, ...rest);
}

function settingEntries(writer: Writer, { settings }: Defined): readonly Entry[] {
  if (settings.length === 0) return [];
  return [["settings", array(settings.map((one) => sqlText(writer, one)))]];
}

function dropObject({ object: known, ifExists }: Op<"drop-defined">): Node {
  const ofTable = ownNaming(known) !== null && known.table !== null;
  return callOn(
    "drop",
    known,
    ...optional([
      ...(ofTable ? [["table", objectName(known.table)] as const] : []),
      ...option("ifExists", ifExists),
    ]),
  );
}

/** The ops on objects that are known by their statement as the calls that make them. */
export const objectRenderers = {
  "create-defined": ({ object: made, unchecked }, writer) =>
    callOn(
      "create",
      made,
      sqlText(writer, made.definition),
      ...optional([
        ...settingEntries(writer, made),
        ...(made.comment === null ? [] : [["comment", string(made.comment)] as const]),
        ...option("unchecked", unchecked),
      ]),
    ),
  "replace-defined": ({ object: made, unchecked }, writer) =>
    callOn(
      "replace",
      made,
      sqlText(writer, made.definition),
      ...optional([...settingEntries(writer, made), ...option("unchecked", unchecked)]),
    ),
  "drop-defined": dropObject,
} satisfies { readonly [K in OpKind]?: (op: Op<K>, writer: Writer) => Node };

/** The target of a comment on such an object. */
export function objectTargetEntries(known: DefinedName): readonly Entry[] {
  const naming = ownNaming(known);
  if (naming === null) {
    return [
      ["object", anyNode(known)],
      ["kind", string(known.kind)],
    ];
  }
  const table: readonly Entry[] = known.table === null ? [] : [["table", objectName(known.table)]];
  return [[targetKey(naming), ownNode(naming, known)], ...table];
}
