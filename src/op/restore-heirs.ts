import { copySchema } from "../schema/build.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, type ObjectName } from "../schema/name.js";
import type { Column, Constraint, Index, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { descendantsOf } from "./create-table.js";
import { namedIndexes, rememberIndexes } from "./index-options.js";
import { childrenOf, tableOf } from "./lookup.js";
import type { ColumnChanges, Inverse, Op } from "./op.js";
import { attachedTo, namesBack } from "./restore-names.js";

/** The table whose partitions and heirs an op changes along with it. */
function parentOf(op: Op): ObjectName | null {
  switch (op.kind) {
    case "drop-column":
    case "alter-column":
    case "drop-constraint":
    case "drop-index":
    // An index of a partition that is as the new one of its parent becomes a part of it, and goes with it.
    case "create-index":
    case "add-constraint":
      return op.table;
    case "drop-table":
      return op.name;
    default:
      return null;
  }
}

/**
 * An inverse, completed with what partitions and heirs had of their own: names of indexes that the engine would choose
 * otherwise, defaults, indexes over a column that went and comes back. So is that of a table that inherits itself.
 */
export function restoreHeirs(
  before: Schema,
  op: Op,
  inverse: Inverse,
  apply: (draft: SchemaDraft, op: Op) => void,
): Inverse {
  const parent = parentOf(op);
  if (parent === null) return inverse;
  const heirs = childrenOf(before, parent).length === 0 ? [] : descendantsOf(before, tableOf(before, parent));
  const itself = op.kind === "drop-table" ? before.tables.get(nameKey(parent)) : undefined;
  const inherits = itself?.inherits?.every((name) => before.tables.has(nameKey(name)));
  const tables = itself !== undefined && inherits === true ? [itself, ...heirs] : heirs;
  if (tables.length === 0) return inverse;
  const draft = copySchema(before);
  for (const one of [op, ...inverse.ops]) apply(draft, one);
  const there = tables.filter((table) => draft.tables.has(nameKey(table)));
  const ops = [
    ...namesBack(there, draft, apply),
    ...there.flatMap((table) => restore(table, tableOf(draft, table), draft)),
  ];
  return ops.length === 0 ? inverse : { ...inverse, ops: [...inverse.ops, ...ops] };
}

function restore(before: Table, now: Table, draft: SchemaDraft): readonly Op[] {
  const table = nameOf(before);
  return [
    ...before.columns.flatMap((column) => restoreColumn(table, column, now)),
    ...before.constraints.flatMap((one) => restoreConstraint(table, one, now)),
    ...before.indexes.flatMap((one) => restoreIndex(before, one, now, draft)),
    ...before.indexes.flatMap((one) => restoreComment(table, one, now)),
    ...restoreOptions(before, now),
  ];
}

/** An index that is part of the parent's comes anew with that, and without its comment. */
function restoreComment(
  table: ObjectName,
  { name, comment, attachedTo }: Index,
  { indexes }: Table,
): readonly Op[] {
  if (attachedTo === undefined || comment === null) return [];
  const now = indexes.find((one) => sameData(one.attachedTo, attachedTo));
  if (now === undefined || now.comment === comment) return [];
  return [{ kind: "set-comment", target: { on: "index", table, name }, comment }];
}

/** What the table says of an index was forgotten with it. */
function restoreOptions(before: Table, now: Table): readonly Op[] {
  const named = namedIndexes(before.options);
  return sameData(named, namedIndexes(now.options)) ? [] : rememberIndexes(before, named);
}

function restoreColumn(table: ObjectName, before: Column, { columns }: Table): readonly Op[] {
  const now = columns.find((one) => one.name === before.name);
  if (now === undefined) return [];
  const changes: ColumnChanges = {
    ...(before.nullable !== now.nullable && { nullable: before.nullable }),
    ...(before.default !== now.default && { default: before.default }),
    ...(!sameData(before.storage, now.storage) && { storage: before.storage ?? null }),
  };
  const target = { on: "column", table, name: before.name } as const;
  return [
    ...(Object.keys(changes).length === 0
      ? []
      : [{ kind: "alter-column", table, column: before.name, changes } as const]),
    ...(before.comment === now.comment
      ? []
      : [{ kind: "set-comment", target, comment: before.comment } as const]),
  ];
}

function restoreConstraint(table: ObjectName, before: Constraint, { constraints }: Table): readonly Op[] {
  if (attachedTo(before) !== undefined || before.inherited) return [];
  if (before.name === null || constraints.some((one) => one.name === before.name)) return [];
  return [{ kind: "add-constraint", table, constraint: before }];
}

/** One that is part of the parent's comes with that, but where the parent's is made alone because not all partitions have one. */
function restoreIndex(before: Table, index: Index, { indexes }: Table, draft: SchemaDraft): readonly Op[] {
  const table = nameOf(before);
  const { attachedTo: to, ...alone } = index;
  if (to === undefined) {
    const isThere = indexes.some(({ name }) => name === index.name);
    return isThere ? [] : [{ kind: "create-index", table, index }];
  }
  const parent = before.partition && draft.tables.get(nameKey(before.partition.of));
  const isAlone = parent?.indexes.some(({ name, only }) => name === to.name && only === true) === true;
  if (!isAlone || indexes.some(({ attachedTo }) => sameData(attachedTo, to))) return [];
  return [
    { kind: "create-index", table, index: alone },
    { kind: "attach-index", table, index: index.name, to },
  ];
}
