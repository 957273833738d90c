import { AludelError } from "../../error/error.js";
import type { CommentTarget, Op, OpKind, TableOpKind } from "../../op/op.js";
import { nameOf, type ObjectName, showName } from "../../schema/name.js";
import type { Sequence } from "../../schema/schema.js";
import { changeEntries, columnNode, sequenceEntries } from "./column.js";
import { commentTarget } from "./comment.js";
import { checkNode, constraintNode, excludeNode, foreignKeyNode, keyNode } from "./constraint.js";
import { indexRenderers } from "./index.js";
import { bulkValue, key, objectName, option, optional, string, strings, texts } from "./literal.js";
import { objectRenderers } from "./object.js";
import { ownTypeRenderers } from "./own-type.js";
import { partitionRenderers } from "./partition.js";
import { array, call, type Entry, type Node, object, text } from "./print.js";
import { sqlText, statement } from "./sql.js";
import { createTableArguments, optionEntries } from "./table.js";
import { typeNode } from "./type.js";
import { viewRenderers } from "./view.js";
import type { Writer } from "./writer.js";

/** A call on a table: of `op` with the table as first argument, or of the table of a batch without it. */
interface TableCall {
  readonly method: string;
  readonly arguments: readonly Node[];
}

const on = (method: string, ...given: readonly Node[]): TableCall => ({ method, arguments: given });

const text_ = (value: string | null): Node => (value === null ? text("null") : string(value));

type TableRenderers = {
  readonly [K in TableOpKind]: (op: Op<K>, writer: Writer) => TableCall;
};

/** Comments that belong to a table; `null` for those of other objects. */
function tableComment(target: CommentTarget, comment: string | null): TableCall | null {
  switch (target.on) {
    case "table":
      return on("setTableComment", text_(comment));
    case "column":
      return on("setColumnComment", string(target.name), text_(comment));
    case "constraint":
      return on("setConstraintComment", string(target.name), text_(comment));
    default:
      return null;
  }
}

function addConstraint({ constraint, usingIndex }: Op<"add-constraint">, writer: Writer): TableCall {
  const name = text_(constraint.name);
  const using: readonly Entry[] = usingIndex === undefined ? [] : [["usingIndex", string(usingIndex)]];
  switch (constraint.kind) {
    case "primary-key":
      return on("createPrimaryKey", name, keyNode(constraint, [], false, using));
    case "unique":
      return on("createUniqueConstraint", name, keyNode(constraint, [], false, using));
    case "foreign-key":
      return on("createForeignKey", name, foreignKeyNode(constraint));
    case "check":
      return on("createCheckConstraint", name, checkNode(writer, constraint));
    case "exclude":
      return on("createExcludeConstraint", name, excludeNode(writer, constraint));
  }
}

const tableRenderers: TableRenderers = {
  "add-column": (op, writer) =>
    on(
      "addColumn",
      string(op.column.name),
      columnNode(writer, op.column),
      ...optional(option("ifNotExists", op.ifNotExists)),
    ),
  "drop-column": (op) => on("dropColumn", string(op.column), ...optional(option("ifExists", op.ifExists))),
  "rename-column": (op) => on("renameColumn", string(op.column), string(op.to)),
  "alter-column": (op, writer) => on("alterColumn", string(op.column), object(changeEntries(writer, op))),
  "add-constraint": addConstraint,
  "drop-constraint": (op, writer) => {
    const { constraint } = op;
    const name = typeof constraint === "string" ? constraint : constraint.name;
    const which =
      typeof constraint === "string" || name !== null
        ? string(name ?? "")
        : constraintNode(writer, constraint);
    return on("dropConstraint", which, ...optional(option("ifExists", op.ifExists)));
  },
  "rename-constraint": (op) => on("renameConstraint", string(op.constraint), string(op.to)),
  "alter-table-options": (op) => on("alterTableOptions", object(optionEntries(op.options))),
  "set-comment": (op) => {
    const found = tableComment(op.target, op.comment);
    if (found === null) throw new Error(`a comment on a ${op.target.on} cannot stand in a batch`);
    return found;
  },
};

/** The call in a batch. The map gives each kind its own renderer; TypeScript loses that correlation. */
function inBatch(op: Op<TableOpKind>, writer: Writer): Node {
  const render = tableRenderers[op.kind] as (op: Op<TableOpKind>, writer: Writer) => TableCall;
  const { method, arguments: given } = render(op, writer);
  return call(`table.${method}`, ...given);
}

/** The same call of `op`, with the table. */
function outside(table: ObjectName, { method, arguments: given }: TableCall): Node {
  return call(`op.${method}`, objectName(table), ...given);
}

const ifExists = (op: { readonly ifExists?: true }) => optional(option("ifExists", op.ifExists));

function sequenceNodes(writer: Writer, sequence: Sequence): readonly Entry[] {
  const { ownedBy } = sequence;
  const isUsual = sequence.type.name.toLowerCase() === "bigint" && sequence.type.namespace === null;
  return [
    ...(isUsual ? [] : [["type", typeNode(writer, sequence.type).node] as const]),
    ...sequenceEntries(sequence.options),
    ...(ownedBy === null
      ? []
      : [
          [
            "ownedBy",
            object([
              ["table", objectName(ownedBy.table)],
              ["column", string(ownedBy.column)],
            ]),
          ] as const,
        ]),
    ...option("unlogged", sequence.unlogged),
  ];
}

function policyEntries(writer: Writer, { policy }: Op<"create-policy">): readonly Entry[] {
  const everybody = policy.roles.length === 1 && policy.roles[0] === "public";
  return [
    ...(policy.permissive ? [] : [["permissive", text("false")] as const]),
    ...(policy.command === "all" ? [] : [["for", string(policy.command)] as const]),
    ...(everybody ? [] : [["to", strings(policy.roles)] as const]),
    ...(policy.using === null ? [] : [["using", sqlText(writer, policy.using)] as const]),
    ...(policy.check === null ? [] : [["check", sqlText(writer, policy.check)] as const]),
    ...(policy.comment === null ? [] : [["comment", string(policy.comment)] as const]),
  ];
}

function setComment({ target, comment }: Op<"set-comment">): Node {
  const inTable = tableComment(target, comment);
  if (inTable !== null)
    return outside(
      "table" in target ? target.table : (target as { readonly name: ObjectName }).name,
      inTable,
    );
  return call("op.setComment", object(commentTarget(target)), text_(comment));
}

function addEnumValue(op: Op<"add-enum-value">): Node {
  const position = Object.entries(op.position ?? {}).map(([side, value]): Entry => [side, string(value)]);
  const options = [...position, ...option("ifNotExists", op.ifNotExists)];
  return call("op.addEnumValue", objectName(op.name), string(op.value), ...optional(options));
}

/** Every op as the call that makes it. Total: a kind without an answer does not build. */
const renderers: { readonly [K in OpKind]: (op: Op<K>, writer: Writer) => Node } = {
  "create-namespace": ({ namespace, ifNotExists }) =>
    call(
      "op.createSchema",
      string(namespace.name),
      ...optional([
        ...(namespace.comment === null ? [] : [["comment", string(namespace.comment)] as const]),
        ...option("ifNotExists", ifNotExists),
      ]),
    ),
  "drop-namespace": (op) =>
    call(
      "op.dropSchema",
      string(op.name),
      ...optional([...option("ifExists", op.ifExists), ...option("cascade", op.cascade)]),
    ),
  "set-namespace": (op) =>
    call("op.setSchema", string(op.on), objectName(op.name), op.to === null ? text("null") : string(op.to)),
  "create-extension": ({ extension, ifNotExists }) =>
    call(
      "op.createExtension",
      string(extension.name),
      ...optional([
        ...(extension.namespace === null ? [] : [["schema", string(extension.namespace)] as const]),
        ...(extension.version === null ? [] : [["version", string(extension.version)] as const]),
        ...(extension.comment === undefined ? [] : [["comment", text_(extension.comment)] as const]),
        ...option("ifNotExists", ifNotExists),
      ]),
    ),
  "drop-extension": (op) => call("op.dropExtension", string(op.name), ...ifExists(op)),
  "alter-extension": ({ name, changes: { version, namespace } }) =>
    call(
      "op.alterExtension",
      string(name),
      ...optional([
        ...(version === undefined ? [] : [["version", string(version)] as const]),
        ...(namespace === undefined ? [] : [["schema", text_(namespace)] as const]),
      ]),
    ),

  "create-enum": ({ enum: made }) =>
    call(
      "op.createEnum",
      objectName(made),
      strings(made.values),
      ...optional(made.comment === null ? [] : [["comment", string(made.comment)]]),
    ),
  "drop-enum": (op) => call("op.dropEnum", objectName(op.name), ...ifExists(op)),
  "rename-enum": (op) => call("op.renameEnum", objectName(op.name), string(op.to)),
  "add-enum-value": addEnumValue,
  "rename-enum-value": (op) =>
    call("op.renameEnumValue", objectName(op.name), string(op.from), string(op.to)),
  "replace-enum-values": (op) =>
    call(
      "op.replaceEnumValues",
      objectName(op.name),
      strings(op.values),
      ...optional(op.mapping === undefined ? [] : [["mapping", texts(op.mapping)]]),
    ),

  "create-sequence": ({ sequence, ifNotExists }, writer) =>
    call(
      "op.createSequence",
      objectName(sequence),
      ...optional([
        ...sequenceNodes(writer, sequence),
        ...(sequence.comment === null ? [] : [["comment", string(sequence.comment)] as const]),
        ...option("ifNotExists", ifNotExists),
      ]),
    ),
  "drop-sequence": (op) => call("op.dropSequence", objectName(op.name), ...ifExists(op)),
  "rename-sequence": (op) => call("op.renameSequence", objectName(op.name), string(op.to), ...ifExists(op)),
  "alter-sequence": ({ sequence }, writer) =>
    call("op.alterSequence", objectName(nameOf(sequence)), object(sequenceNodes(writer, sequence))),

  "create-table": (op, writer) =>
    call("op.createTable", objectName(op.table), ...createTableArguments(writer, op)),
  "drop-table": (op) => call("op.dropTable", objectName(op.name), ...ifExists(op)),
  "rename-table": (op) => call("op.renameTable", objectName(op.name), string(op.to), ...ifExists(op)),
  "alter-table-options": (op, writer) => outside(op.name, tableRenderers["alter-table-options"](op, writer)),
  "set-row-security": (op) => call("op.setRowSecurity", objectName(op.name), string(op.rowSecurity)),
  "batch-alter-table": (op, writer) =>
    call("op.batchAlterTable", objectName(op.name), {
      kind: "function",
      head: "async (table) =>",
      body: op.ops.map((one) => inBatch(one, writer)),
    }),

  "add-column": (op, writer) => outside(op.table, tableRenderers["add-column"](op, writer)),
  "drop-column": (op, writer) => outside(op.table, tableRenderers["drop-column"](op, writer)),
  "rename-column": (op, writer) => outside(op.table, tableRenderers["rename-column"](op, writer)),
  "alter-column": (op, writer) => outside(op.table, tableRenderers["alter-column"](op, writer)),

  "add-constraint": (op, writer) => outside(op.table, tableRenderers["add-constraint"](op, writer)),
  "drop-constraint": (op, writer) => outside(op.table, tableRenderers["drop-constraint"](op, writer)),
  "rename-constraint": (op, writer) => outside(op.table, tableRenderers["rename-constraint"](op, writer)),
  "validate-constraint": (op) => call("op.validateConstraint", objectName(op.table), string(op.constraint)),

  ...indexRenderers,
  ...viewRenderers,
  ...partitionRenderers,
  ...ownTypeRenderers,
  ...objectRenderers,

  "create-policy": (op, writer) =>
    call("op.createPolicy", string(op.policy.name), objectName(op.table), object(policyEntries(writer, op))),
  "drop-policy": (op) =>
    call(
      "op.dropPolicy",
      string(op.policy),
      object([["table", objectName(op.table)], ...option("ifExists", op.ifExists)]),
    ),

  "set-comment": setComment,

  execute: (op, writer) => call("op.execute", statement(writer, op.sql)),
  assert: (op, writer) => call("op.assert", string(op.message), statement(writer, op.query)),
  backfill: (op, writer) => {
    if (op.computed !== undefined) throw ofFunction(op);
    return call(
      "op.backfill",
      objectName(op.table),
      object([
        [
          "set",
          object(Object.entries(op.set).map(([name, value]): Entry => [key(name), sqlText(writer, value)])),
        ],
        ["where", sqlText(writer, op.where)],
        ...(op.batchSize === undefined ? [] : [["batchSize", text(String(op.batchSize))] satisfies Entry]),
      ]),
    );
  },
  "bulk-insert": (op) =>
    call(
      "op.bulkInsert",
      objectName(op.table),
      array(
        op.rows.map((row) =>
          object(Object.entries(row).map(([name, value]): Entry => [key(name), bulkValue(value)])),
        ),
      ),
    ),
};

/** A function cannot be written down again: its text says nothing of what it sees around it. */
function ofFunction({ table }: Op<"backfill">): AludelError {
  return new AludelError(
    "op-unsupported",
    `The backfill of ${showName(table)} has a function, which cannot be copied`,
    {
      where: { object: showName(table) },
      remedy: "Leave its revision as it is.",
    },
  );
}

/** The call that makes an op. */
export function opNode(op: Op, writer: Writer): Node {
  const render = renderers[op.kind] as (op: Op, writer: Writer) => Node;
  return render(op, writer);
}
