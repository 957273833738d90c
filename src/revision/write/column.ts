import type { Op } from "../../op/op.js";
import type { Column, Identity, SequenceOptions } from "../../schema/schema.js";
import { objectName, option, optional, string } from "./literal.js";
import { call, chain, type Entry, type Node, object, text } from "./print.js";
import { defaultValue, sqlText } from "./sql.js";
import { ownSequenceNode, storageNode } from "./storage.js";
import { typeNode } from "./type.js";
import type { Writer } from "./writer.js";

/** A whole number that a sequence's option is: as a number where that is exact. */
function wholeNumber(value: string): Node {
  const exact = String(Number(value)) === value && Number.isSafeInteger(Number(value));
  if (exact) return text(value);
  return /^-?(?:0|[1-9]\d*)$/.test(value) ? text(`${value}n`) : string(value);
}

/** The options of a sequence that are not the engine's default. */
export function sequenceEntries(options: SequenceOptions): readonly Entry[] {
  const entries: Entry[] = [];
  for (const name of ["start", "increment", "minimum", "maximum", "cache"] as const) {
    const value = options[name];
    if (value !== null) entries.push([name, wholeNumber(value)]);
  }
  return [...entries, ...option("cycle", options.cycle)];
}

function notNullEntries(notNull: NonNullable<Column["notNull"]>): readonly Entry[] {
  const entries: Entry[] = [];
  if (notNull.name !== null) entries.push(["name", string(notNull.name)]);
  if (notNull.onConflict !== null) entries.push(["onConflict", string(notNull.onConflict)]);
  return [...entries, ...option("noInherit", notNull.noInherit), ...option("notValid", notNull.notValid)];
}

function identityCall({ generation, sequence }: Identity): Node {
  return call("identity", string(generation), ...optional(sequenceEntries(sequence)));
}

/** True when the engine refuses null in the column without being told to, as in an identity column. */
function isNeverNull(writer: Writer, column: Column): boolean {
  return !writer.dialect.normalize.column({ ...column, nullable: true }).nullable;
}

/** A column as a chain of `t`: `t.varchar(255).notNull().default("")`. */
export function columnNode(writer: Writer, column: Column): Node {
  const { node, admits } = typeNode(writer, column.type);
  const calls: Node[] = [];
  const own = column.identity === null ? column.own : column.identity.own;
  if (column.identity !== null) calls.push(identityCall(column.identity));
  if (own !== undefined) calls.push(call("ownSequence", ownSequenceNode(writer, own)));
  if (!column.nullable && (column.notNull !== undefined || !isNeverNull(writer, column))) {
    calls.push(
      call("notNull", ...optional(column.notNull === undefined ? [] : notNullEntries(column.notNull))),
    );
  }
  if (column.default !== null) calls.push(call("default", defaultValue(writer, column.default, admits)));
  if (column.generated !== null) {
    const { expression, storage } = column.generated;
    const options: readonly Entry[] = storage === "stored" ? [] : [["storage", string(storage)]];
    calls.push(call("generatedAs", sqlText(writer, expression), ...optional(options)));
  }
  if (column.collation !== null) calls.push(call("collate", objectName(column.collation)));
  if (column.storage !== undefined) calls.push(call("storage", storageNode(column.storage)));
  if (column.inherited === true) calls.push(call("inherited"));
  if (column.comment !== null) calls.push(call("comment", string(column.comment)));
  return node.kind === "chain" ? chain(node.first, [...node.calls, ...calls]) : chain(node, calls);
}

const orNull = <V>(value: V | null, node: (value: V) => Node): Node =>
  value === null ? text("null") : node(value);

/** What an `alter-column` changes, as its argument. */
export function changeEntries(writer: Writer, { changes }: Op<"alter-column">): readonly Entry[] {
  const entries: Entry[] = [];
  const plain = { string: true, number: true, bigint: true, boolean: true };
  const { type, using, nullable, identity, generated, collation, notNull, storage, own } = changes;
  if (type !== undefined) entries.push(["type", typeNode(writer, type).node]);
  if (using !== undefined) entries.push(["using", sqlText(writer, using)]);
  if (nullable !== undefined) entries.push(["nullable", text(String(nullable))]);
  if (changes.default !== undefined) {
    entries.push(["default", orNull(changes.default, (value) => defaultValue(writer, value, plain))]);
  }
  if (identity !== undefined) {
    entries.push([
      "identity",
      orNull(identity, ({ generation, sequence, own }) =>
        object([
          ["generation", string(generation)],
          ...sequenceEntries(sequence),
          ...(own === undefined ? [] : [["ownSequence", ownSequenceNode(writer, own)] as const]),
        ]),
      ),
    ]);
  }
  if (generated !== undefined) {
    entries.push([
      "generated",
      orNull(generated, ({ expression, storage }) => {
        const kind: readonly Entry[] = storage === "stored" ? [] : [["storage", string(storage)]];
        return object([["as", sqlText(writer, expression)], ...kind]);
      }),
    ]);
  }
  if (collation !== undefined) entries.push(["collation", orNull(collation, objectName)]);
  if (notNull !== undefined) {
    entries.push(["notNull", orNull(notNull, (value) => object(notNullEntries(value)))]);
  }
  if (storage !== undefined) entries.push(["storage", orNull(storage, storageNode)]);
  if (own !== undefined) {
    entries.push(["ownSequence", orNull(own, (value) => ownSequenceNode(writer, value))]);
  }
  return entries;
}
