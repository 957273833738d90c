import { indexOf, tableOf } from "../../../op/lookup.js";
import type { Op, OpKind, TableOp } from "../../../op/op.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import { updateText } from "../../backfill.js";
import type { CompileContext, Dialect } from "../../dialect.js";
import { type Step, step } from "../../step.js";
import { normalize } from "../normalize.js";
import { quote, quoteName } from "../quote.js";
import { assertion, bulkInsert, execute } from "./data.js";
import { createDefined, dropDefined, replaceDefined } from "./defined.js";
import { createTableText } from "./definition.js";
import { inPlace } from "./in-place.js";
import { createIndexText } from "./index.js";
import { rebuild } from "./rebuild.js";
import { branchRemedy, unsupported } from "./unsupported.js";
import { createView, dropView, renameView } from "./view.js";

/** Changes of one table: in place where all of them can be, otherwise in one rebuild. */
function alterTable(
  name: ObjectName,
  ops: readonly TableOp[],
  because: Op,
  { before, serverVersion }: CompileContext,
): readonly Step[] {
  const statements = inPlace(before, name, ops, serverVersion);
  return statements === null
    ? rebuild(before, name, ops, because)
    : statements.map((sql) => step(sql, because));
}

type ColumnOp = Extract<TableOp, { readonly table: ObjectName }>;
const alter = (op: ColumnOp, context: CompileContext) => alterTable(op.table, [op], op, context);

function createTable(op: Op<"create-table">): readonly Step[] {
  const table = normalize.table(op.table);
  const exists = op.ifNotExists ? { ifNotExists: true } : {};
  const name = table.namespace === null ? table.name : null;
  if (name === null) throw unsupported("namespaces", "Create the table without one");
  return [
    step(createTableText(table, name, exists), op),
    ...table.indexes.map((index) => step(createIndexText(table, index, op.ifNotExists === true), op)),
  ];
}

/** SQLite renames no indexes: it is made again, which takes as long as the index is large. */
function renameIndex(op: Op<"rename-index">, { before }: CompileContext): readonly Step[] {
  const table = tableOf(before, op.table);
  if (op.ifExists && !table.indexes.some(({ name }) => name === op.index)) return [];
  const index = { ...indexOf(table, op.index), name: op.to };
  return [
    step(`DROP INDEX ${quoteName({ namespace: op.table.namespace, name: op.index })}`, op),
    step(createIndexText(table, index), op),
  ];
}

const lacks =
  (what: string, remedy = branchRemedy) =>
  (): never => {
    throw unsupported(what, remedy);
  };
const enums = lacks("enums", "Use a TEXT column with a CHECK constraint that lists the values");
const sequences = lacks("sequences", "Use an INTEGER PRIMARY KEY, which counts by itself");
const namespaces = lacks("namespaces");
const extensions = lacks("extensions that SQL installs");
const policies = lacks("row security");
const domains = lacks("domains", "Use a CHECK constraint on each column");
const composites = lacks("composite types", "Use a column for each attribute, or JSON");
const partitions = lacks("partitions and inheritance");

/** See `Dialect.compile`. */
export const compile: Dialect["compile"] = {
  "create-namespace": namespaces,
  "drop-namespace": namespaces,
  "set-namespace": namespaces,
  "create-extension": extensions,
  "drop-extension": extensions,
  "alter-extension": extensions,
  "create-enum": enums,
  "drop-enum": enums,
  "rename-enum": enums,
  "add-enum-value": enums,
  "rename-enum-value": enums,
  "replace-enum-values": enums,
  "create-domain": domains,
  "drop-domain": domains,
  "rename-domain": domains,
  "alter-domain": domains,
  "create-composite": composites,
  "drop-composite": composites,
  "rename-composite": composites,
  "alter-composite": composites,
  "create-defined": createDefined,
  "drop-defined": dropDefined,
  "replace-defined": replaceDefined,
  "attach-partition": partitions,
  "detach-partition": partitions,
  "set-inheritance": partitions,
  "attach-index": partitions,
  "alter-view-column": lacks("properties of the columns of views"),
  "create-sequence": sequences,
  "drop-sequence": sequences,
  "rename-sequence": sequences,
  "alter-sequence": sequences,

  "create-table": createTable,
  // Dropping deletes the rows first, and with foreign keys on ON DELETE would act on their children: they are off,
  // and the check before COMMIT finds children that now point nowhere.
  "drop-table": (op) => [
    step(`DROP TABLE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op, { foreignKeysOff: true }),
  ],
  // ALTER TABLE has no IF EXISTS.
  "rename-table": (op, { before }) =>
    op.ifExists && !before.tables.has(nameKey(op.name))
      ? []
      : [step(`ALTER TABLE ${quoteName(op.name)} RENAME TO ${quote(op.to)}`, op)],
  "alter-table-options": (op, context) => alterTable(op.name, [op], op, context),
  "set-row-security": policies,
  "batch-alter-table": (op, context) => alterTable(op.name, op.ops, op, context),

  "add-column": alter,
  "drop-column": alter,
  "rename-column": alter,
  "alter-column": alter,
  "add-constraint": (op, context) => {
    if (op.usingIndex === undefined) return alter(op, context);
    throw unsupported("keys that take over an index", "Leave `usingIndex` out, and drop the index");
  },
  "drop-constraint": alter,
  "rename-constraint": alter,
  // A constraint that is there has been checked: the rebuild that added it copied every row through it.
  "validate-constraint": () => [],

  "create-index": (op) => [step(createIndexText(op.table, op.index, op.ifNotExists === true), op)],
  "drop-index": (op) => {
    const name = quoteName({ namespace: op.table.namespace, name: op.index });
    return [step(`DROP INDEX ${op.ifExists ? "IF EXISTS " : ""}${name}`, op)];
  },
  "rename-index": renameIndex,

  "create-view": createView,
  "drop-view": dropView,
  "rename-view": renameView,

  "create-policy": policies,
  "drop-policy": policies,

  // SQLite has no comments and `normalize` drops them: nothing is there to be changed.
  "set-comment": () => [],

  execute,
  "bulk-insert": bulkInsert,
  backfill: (op) => [step(updateText({ quote, quoteName }, op), op)],
  assert: assertion,
};

const schemaKinds: ReadonlySet<OpKind> = new Set([
  "alter-table-options",
  "batch-alter-table",
  "add-column",
  "drop-column",
  "rename-column",
  "alter-column",
  "add-constraint",
  "drop-constraint",
  "rename-constraint",
  "rename-index",
  "create-view",
  "rename-view",
]);

/** See `Dialect.needsSchema`. */
export const needsSchema = {
  ...Object.fromEntries(
    Object.keys(compile).map((kind) => [kind, schemaKinds.has(kind as OpKind) ? "inspected" : false]),
  ),
  "rename-table": ({ ifExists }: Op<"rename-table">) => (ifExists ? "inspected" : false),
} as Dialect["needsSchema"];
