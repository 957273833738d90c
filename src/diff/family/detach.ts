import { applyOp } from "../../op/apply.js";
import type { Op } from "../../op/op.js";
import { partitionsOf } from "../../op/partition.js";
import { definedOf } from "../../op/rewrite-defined.js";
import { definedAddress, partAddress, readAddress } from "../../schema/address.js";
import { copySchema } from "../../schema/build.js";
import type { Address, Dependencies } from "../../schema/dependency.js";
import { sameData } from "../../schema/equal.js";
import { nameKey, nameOf, type ObjectName, sameName } from "../../schema/name.js";
import type { Column, Schema, Table } from "../../schema/schema.js";
import type { DiffOptions } from "../contract.js";
import { tableParts } from "../sort/role.js";
import { fixedFamily } from "./partition-fixed.js";

/** Tables that have been taken out of their families, and the ops that did it. */
export interface Detached {
  readonly schema: Schema;
  readonly ops: readonly Op[];
}

type SameText = Pick<DiffOptions, "sameExpression">;

function samePartition(a: Table["partition"], b: Table["partition"], { sameExpression }: SameText): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameName(a.of, b.of) && (a.bounds === b.bounds || sameExpression(a.bounds, b.bounds));
}

/**
 * Partitions that go to another parent, get other bounds, become tables of their own or go while others come or
 * columns of their table change are detached before anything else happens to them, and so are tables from parents that
 * they no longer inherit from, that lose a column which the table keeps (it would lose that with its rows' values), or that get
 * one which the table has as another.
 *
 * @throws AludelError `partitioning-fixed` for what no engine can make of a table that is there.
 */
export function detachMoved(from: Schema, to: Schema, options: SameText): Detached {
  fixedFamily(from, to, options);
  const changing = new Set([...growingTables(from, to, options), ...reshapedTables(from, to)]);
  const ops: Op[] = [];
  for (const [key, old] of from.tables) {
    const now = to.tables.get(key);
    const { partition } = old;
    const leaves =
      partition !== undefined &&
      (now === undefined
        ? changing.has(nameKey(partition.of))
        : !samePartition(partition, now.partition, options));
    if (leaves) ops.push({ kind: "detach-partition", name: nameOf(old) });
    if (now === undefined) {
      if (isInTheWay(old, from, to)) ops.push({ kind: "set-inheritance", name: nameOf(old), inherits: [] });
      continue;
    }
    const kept = commonParents(
      old,
      now,
      (parent) => losesKept({ from, to }, { old, now }, parent) || meetsOther({ from, to }, old, parent),
    );
    if (old.inherits !== undefined && kept.length < old.inherits.length) {
      ops.push({ kind: "set-inheritance", name: nameOf(old), inherits: kept });
    }
  }
  if (ops.length === 0) return { schema: from, ops };
  const draft = copySchema(from);
  for (const op of ops) applyOp(draft, op);
  const dependencies = withoutTies(from, ops);
  return { schema: dependencies === undefined ? draft : { ...draft, dependencies }, ops };
}

/** A table that goes would get the columns that its parents get, and may have others of these names. */
function isInTheWay(table: Table, from: Schema, to: Schema): boolean {
  const names = new Set(table.columns.map(({ name }) => name));
  return ancestorsOf(from, table).some((parent) => {
    const old = new Set(parent.columns.map(({ name }) => name));
    const now = to.tables.get(nameKey(parent))?.columns ?? [];
    return now.some(({ name }) => names.has(name) && !old.has(name));
  });
}

/** A column that the table has only from this parent goes there, and the table shall have one of its own, or another one. */
function losesKept(
  { from, to }: { readonly from: Schema; readonly to: Schema },
  { old, now }: { readonly old: Table; readonly now: Table },
  parent: ObjectName,
): boolean {
  const has = (table: Table | undefined, column: string) =>
    table?.columns.some(({ name }) => name === column) === true;
  const key = nameKey(parent);
  const kept = new Map(now.columns.map(({ name, ...column }) => [name, shapeOf(column)]));
  return old.columns.some(({ name, inherited, ...column }) => {
    const goes = has(from.tables.get(key), name) && !has(to.tables.get(key), name);
    if (!goes || !kept.has(name)) return false;
    return inherited === true || !sameData(kept.get(name), shapeOf(column));
  });
}

/** The parent gets a column that the table has already, as another one: it becomes the same before it is inherited. */
function meetsOther(
  { from, to }: { readonly from: Schema; readonly to: Schema },
  { columns }: Table,
  parent: ObjectName,
): boolean {
  const key = nameKey(parent);
  const had = new Set(from.tables.get(key)?.columns.map(({ name }) => name));
  const own = new Map(columns.map(({ name, ...column }) => [name, shapeOf(column)]));
  return (to.tables.get(key)?.columns ?? []).some(
    ({ name, ...column }) => !had.has(name) && own.has(name) && !sameData(own.get(name), shapeOf(column)),
  );
}

function ancestorsOf(schema: Schema, { inherits = [] }: Table): readonly Table[] {
  return inherits.flatMap((name) => {
    const parent = schema.tables.get(nameKey(name));
    return parent === undefined ? [] : [parent, ...ancestorsOf(schema, parent)];
  });
}

/** The partitioned tables that another partition comes to, or one with other bounds: it may need those of one that goes. */
function growingTables(from: Schema, to: Schema, options: SameText): ReadonlySet<string> {
  const growing = [...to.tables].flatMap(([key, { partition }]) =>
    partition === undefined || samePartition(partition, from.tables.get(key)?.partition, options)
      ? []
      : [nameKey(partition.of)],
  );
  return new Set(growing);
}

/**
 * The partitioned tables of which a column goes or gets another type: a partition that goes may be divided by it, or have
 * a policy over it, and is not to be rewritten before it goes.
 */
function reshapedTables(from: Schema, to: Schema): readonly string[] {
  return [...from.tables].flatMap(([key, { partitioning, columns }]) => {
    const after = partitioning === undefined ? undefined : to.tables.get(key);
    if (after === undefined) return [];
    const now = new Map(after.columns.map(({ name, ...column }) => [name, shapeOf(column)]));
    return columns.every(({ name, ...column }) => sameData(now.get(name), shapeOf(column))) ? [] : [key];
  });
}

function shapeOf({ type, collation, generated }: Pick<Column, "type" | "collation" | "generated">): unknown {
  return [type, collation, generated];
}

/** The order of the parents counts: those that stay are the ones before the first that is another one, or to be left. */
function commonParents(
  { inherits: old = [] }: Table,
  { inherits: now = [] }: Table,
  isLeft: (parent: ObjectName) => boolean,
): readonly ObjectName[] {
  const differs = old.findIndex((parent, place) => {
    const other = now[place];
    return other === undefined || !sameName(parent, other) || isLeft(parent);
  });
  return differs < 0 ? old : old.slice(0, differs);
}

function partsOf(table: Table): readonly Address[] {
  return [...tableParts(table), ...table.indexes.map(({ name }) => partAddress("index", table, name))];
}

/**
 * The dependencies of the engine once partitions are detached: what they had from their parent is their own by then, and
 * need not go before the parent's does; but for defaults, which still draw from the sequence of its column.
 */
function withoutTies(from: Schema, ops: readonly Op[]): Dependencies | undefined {
  const { dependencies } = from;
  if (dependencies === undefined) return undefined;
  const left = new Map(dependencies);
  for (const op of ops) {
    const child = op.kind === "detach-partition" ? from.tables.get(nameKey(op.name)) : undefined;
    const parent = child?.partition && from.tables.get(nameKey(child.partition.of));
    if (child === undefined || parent === undefined) continue;
    const theirs = new Set(partsOf(parent));
    for (const part of partsOf(child)) {
      if (readAddress(part).kind === "default") continue;
      const used = left.get(part);
      if (used !== undefined) left.set(part, new Set([...used].filter((one) => !theirs.has(one))));
    }
    leaveTriggers(left, from, child);
  }
  return left;
}

/** The copies of triggers go with the tie, so that those that they are of no longer stand on what the partition has. */
function leaveTriggers(left: Map<Address, ReadonlySet<Address>>, from: Schema, child: Table): void {
  const parts = new Set([child, ...partitionsOf(from, child)].flatMap(partsOf));
  for (let of = child.partition?.of; of !== undefined; ) {
    for (const object of definedOf(from, of)) {
      const used = left.get(definedAddress(object));
      if (used === undefined) continue;
      left.set(definedAddress(object), new Set([...used].filter((one) => !parts.has(one))));
    }
    of = from.tables.get(nameKey(of))?.partition?.of;
  }
}
