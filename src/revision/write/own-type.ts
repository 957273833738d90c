import type { Op, OpKind } from "../../op/op.js";
import type { Composite, CompositeAttribute, Domain, DomainCheck } from "../../schema/schema.js";
import { isIntegerLike, key, objectName, option, optional, string } from "./literal.js";
import { array, call, chain, type Entry, type Node, object, text } from "./print.js";
import { defaultValue, sqlText } from "./sql.js";
import { typeNode } from "./type.js";
import type { Writer } from "./writer.js";

const commentEntry = (comment: string | null): readonly Entry[] =>
  comment === null ? [] : [["comment", string(comment)]];

/** The expression alone where there is nothing else to say. */
function checkNode(writer: Writer, check: DomainCheck, comments: boolean): Node {
  const expression = sqlText(writer, check.expression);
  const entries = [...option("notValid", !check.validated), ...(comments ? commentEntry(check.comment) : [])];
  return entries.length === 0 ? expression : object([["expression", expression], ...entries]);
}

/** A domain without its name; an alteration leaves comments alone. */
function domainNode(writer: Writer, domain: Domain, comments: boolean): Node {
  const { node, admits } = typeNode(writer, domain.type);
  const checks = domain.checks.map((check): Entry => [key(check.name), checkNode(writer, check, comments)]);
  return object([
    ["type", node],
    ...(domain.nullable ? [] : [["nullable", text("false")] as const]),
    ...(domain.notNullName === undefined
      ? []
      : [["notNull", object([["name", string(domain.notNullName)]])] as const]),
    ...(domain.default === null ? [] : [["default", defaultValue(writer, domain.default, admits)] as const]),
    ...(domain.collation === null ? [] : [["collation", objectName(domain.collation)] as const]),
    ...(checks.length === 0 ? [] : [["checks", object(checks)] as const]),
    ...(comments ? commentEntry(domain.comment) : []),
  ]);
}

function attributeNode(writer: Writer, attribute: CompositeAttribute, comments: boolean): Node {
  const { node } = typeNode(writer, attribute.type);
  const calls: Node[] = [];
  if (attribute.collation !== null) calls.push(call("collate", objectName(attribute.collation)));
  if (comments && attribute.comment !== null) calls.push(call("comment", string(attribute.comment)));
  return node.kind === "chain" ? chain(node.first, [...node.calls, ...calls]) : chain(node, calls);
}

/** The attributes as a record, or as pairs where a record would not keep their order. */
function attributesNode(writer: Writer, { attributes }: Composite, comments: boolean): Node {
  const entries = attributes.map((one) => [one.name, attributeNode(writer, one, comments)] as const);
  return recordNode(entries, true);
}

function recordNode(entries: readonly (readonly [string, Node])[], open: boolean): Node {
  const names = new Set(entries.map(([name]) => name));
  if (names.size === entries.length && ![...names].some(isIntegerLike)) {
    return object(
      entries.map(([name, value]): Entry => [key(name), value]),
      open,
    );
  }
  return array(entries.map(([name, value]) => array([string(name), value])));
}

function alterType({ composite, renames = [] }: Op<"alter-composite">, writer: Writer): Node {
  const pairs = renames.map(({ attribute, to }) => [attribute, string(to)] as const);
  return call(
    "op.alterType",
    objectName(composite),
    attributesNode(writer, composite, false),
    ...optional(pairs.length === 0 ? [] : [["renames", recordNode(pairs, false)]]),
  );
}

const ifExists = (op: { readonly ifExists?: true }) => optional(option("ifExists", op.ifExists));

/** The ops on types of the database's own as the calls that make them. */
export const ownTypeRenderers = {
  "create-domain": ({ domain }, writer) =>
    call("op.createDomain", objectName(domain), domainNode(writer, domain, true)),
  "drop-domain": (op) => call("op.dropDomain", objectName(op.name), ...ifExists(op)),
  "rename-domain": (op) => call("op.renameDomain", objectName(op.name), string(op.to)),
  "alter-domain": ({ domain }, writer) =>
    call("op.alterDomain", objectName(domain), domainNode(writer, domain, false)),

  "create-composite": ({ composite }, writer) =>
    call(
      "op.createType",
      objectName(composite),
      attributesNode(writer, composite, true),
      ...optional(commentEntry(composite.comment)),
    ),
  "drop-composite": (op) => call("op.dropType", objectName(op.name), ...ifExists(op)),
  "rename-composite": (op) => call("op.renameType", objectName(op.name), string(op.to)),
  "alter-composite": alterType,
} satisfies { readonly [K in OpKind]?: (op: Op<K>, writer: Writer) => Node };
