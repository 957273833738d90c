import type { Dialect } from "../../dialect/dialect.js";
import { updateInBatches } from "../../dialect/update-in-batches.js";
import type { Op } from "../../op/op.js";
import { print } from "../../revision/write/print.js";
import { opNode } from "../../revision/write/renderers.js";
import type { Writer } from "../../revision/write/writer.js";
import { column, columnType, copySchema, table } from "../../schema/build.js";
import { nameKey, sameName } from "../../schema/name.js";
import type { Column, Schema, Table } from "../../schema/schema.js";
import type { Calls, RenderCalls, SafeCalls } from "./calls.js";

type Spelling = Writer["dialect"] &
  Pick<Dialect, "quote" | "quoteName"> & { readonly safeForm: NonNullable<Dialect["safeForm"]> };

/** Either an op, or a commit of what stands above. */
type Part = Op | { readonly kind: "commit" };

/**
 * The calls that do gently what an op does: those that autogenerate writes. `schemaOf` has what the op finds; a table that
 * SQL text has made is not in it, and is taken to be a plain one.
 */
export function safeCallsOf(dialect: Spelling, schemaOf: (op: Op) => Schema | null): SafeCalls {
  return (op, indent) => {
    const schema = schemaOf(op);
    if (schema === null) return null;
    const parts = safeParts(op, schema, dialect);
    if (parts === null || (parts.length === 1 && parts[0] === op)) return null;
    return rendered(parts, indent, dialect);
  };
}

/** Ops as they are, as calls. */
export function callsOf(dialect: Writer["dialect"]): RenderCalls {
  return (ops, indent) => rendered(ops, indent, dialect);
}

function rendered(parts: readonly Part[], indent: number, dialect: Writer["dialect"]): Calls {
  const writer: Writer = { dialect, enums: new Set(), imports: new Set(), types: new Map() };
  const show = (op: Op) => print(opNode(op, writer), indent, indent + "await ".length, 1);
  const calls = parts.map((part) => (part.kind === "commit" ? "op.commit()" : show(part)));
  return { calls, imports: [...writer.imports] };
}

function safeParts(op: Op, schema: Schema, dialect: Spelling): readonly Part[] | null {
  switch (op.kind) {
    case "create-index":
      return [{ ...op, index: { ...op.index, concurrently: true }, concurrently: true }];
    case "drop-index":
      return [{ ...op, concurrently: true }];
    case "add-column":
      return filledLater(op, schema, dialect);
    case "drop-table":
      return keysFirst(op, schema);
    case "batch-alter-table":
      return dialect.safeForm(op.ops, op.ops.reduce(withTable, schema));
    case "add-constraint":
    case "alter-column":
      return dialect.safeForm([op], withTable(schema, op));
    default:
      return null;
  }
}

/** Each foreign key in a transaction of its own, where the table has several: dropping them locks the other table, too. */
function keysFirst(op: Op<"drop-table">, schema: Schema): readonly Part[] | null {
  const keys = (schema.tables.get(nameKey(op.name))?.constraints ?? []).filter(
    (one) => one.kind === "foreign-key" && one.name !== null && !sameName(one.references.table, op.name),
  );
  if (keys.length < 2) return null;
  const drops = keys.flatMap((key): readonly Part[] => [
    { kind: "drop-constraint", table: op.name, constraint: key.name ?? "" },
    { kind: "commit" },
  ]);
  return [...drops, op];
}

/** The schema with the op's table in it, as far as the op itself tells of it. */
function withTable(schema: Schema, op: Op): Schema {
  if (op.kind !== "add-constraint" && op.kind !== "alter-column") return schema;
  const known = schema.tables.get(nameKey(op.table));
  const names =
    op.kind === "alter-column" ? [op.column] : "columns" in op.constraint ? op.constraint.columns : [];
  const missing = names.filter((name) => !known?.columns.some((one) => one.name === name));
  if (known !== undefined && missing.length === 0) return schema;
  const columns = missing.map((name) =>
    column(name, columnType("text"), { nullable: op.kind === "alter-column" }),
  );
  return putTable(schema, {
    ...(known ?? table(op.table.name, { namespace: op.table.namespace })),
    columns: [...(known?.columns ?? []), ...columns],
  });
}

function putTable(schema: Schema, changed: Table): Schema {
  const draft = copySchema(schema);
  draft.tables.set(nameKey(changed), changed);
  return draft;
}

/** A column whose default differs from row to row: the rows that are there get theirs while others go on working. */
function filledLater(op: Op<"add-column">, schema: Schema, dialect: Spelling): readonly Part[] | null {
  const { default: value, nullable, identity, generated, own } = op.column;
  if (value === null || identity !== null || generated !== null || own !== undefined || op.ifNotExists)
    return null;
  const { notNull, ...rest } = op.column;
  const bare: Column = { ...rest, default: null, nullable: true };
  const [on, name] = [dialect.quoteName(op.table), dialect.quote(op.column.name)];
  const added: readonly Part[] = [
    { ...op, column: bare },
    { kind: "alter-column", table: op.table, column: op.column.name, changes: { default: value } },
    { kind: "execute", sql: updateInBatches(on, `${name} = DEFAULT`, `${name} IS NULL`) },
  ];
  if (nullable) return added;
  const known =
    schema.tables.get(nameKey(op.table)) ?? table(op.table.name, { namespace: op.table.namespace });
  const required: Op<"alter-column"> = {
    kind: "alter-column",
    table: op.table,
    column: op.column.name,
    changes: { nullable: false, ...(notNull === undefined ? {} : { notNull }) },
  };
  return [
    ...added,
    ...dialect.safeForm([required], putTable(schema, { ...known, columns: [...known.columns, bare] })),
  ];
}
