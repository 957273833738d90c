import { isPartitionAlike } from "../../op/create-table.js";
import { ancestorsOf, parentsOf } from "../../op/lookup.js";
import type { Op } from "../../op/op.js";
import { nameKey } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import { refuses, whatHeirsGet } from "../family/in-the-way.js";

type Alteration = Op<"alter-column">;

/**
 * Columns of a table get what a new table under it has to find there: their types before one that is itself divided by
 * them, when they would be fixed; and their compression, which those that are there already do not get with it (manual,
 * ALTER TABLE, SET COMPRESSION). As edges from place to place.
 */
export function alteredBeforeInherited(
  ops: readonly Op[],
  to: Schema,
): readonly (readonly [number, number])[] {
  const altered = new Map<string, { readonly place: number; readonly changes: Alteration["changes"] }[]>();
  for (const [place, op] of ops.entries()) {
    if (op.kind !== "alter-column") continue;
    const { type, storage } = op.changes;
    if (type === undefined && storage === undefined) continue;
    const list = altered.get(nameKey(op.table));
    if (list === undefined) altered.set(nameKey(op.table), [{ place, changes: op.changes }]);
    else list.push({ place, changes: op.changes });
  }
  if (altered.size === 0) return [];
  return ops.flatMap((op, place) => {
    if (op.kind !== "create-table") return [];
    const isDivided = op.table.partitioning !== undefined;
    return ancestors(to, nameKey(op.table))
      .flatMap((table) => altered.get(table) ?? [])
      .filter(({ changes }) => isDivided || changes.storage !== undefined)
      .map((before) => [before.place, place] as const);
  });
}

/**
 * The columns that a table gets and loses before another one is attached to it, and has to have just these; for one that is to
 * inherit also its own, and the types that they get. As edges from place to place.
 */
export function columnsBeforeAttached(
  ops: readonly Op[],
  to: Schema,
): readonly (readonly [number, number])[] {
  const changed = new Map<string, number[]>();
  return ops.flatMap((op, place) => {
    if (
      op.kind === "add-column" ||
      op.kind === "drop-column" ||
      (op.kind === "alter-column" && isReshaped(op))
    ) {
      const places = changed.get(nameKey(op.table));
      if (places === undefined) changed.set(nameKey(op.table), [place]);
      else places.push(place);
    }
    const attached = attachedBy(op);
    if (attached === null || changed.size === 0) return [];
    return [attached, ...ancestors(to, attached)].flatMap((table) =>
      (changed.get(table) ?? []).map((before) => [before, place] as const),
    );
  });
}

/**
 * A column that a table has of its own and from a parent goes from the parent before: until then it is not the table's to drop
 * (manual, ALTER TABLE, DROP COLUMN). As edges from place to place.
 */
export function columnsOfParentsFirst(
  ops: readonly Op[],
  from: Schema,
): readonly (readonly [number, number])[] {
  const dropped = new Map<string, number>();
  for (const [place, op] of ops.entries())
    if (op.kind === "drop-column") dropped.set(partKey(nameKey(op.table), op.column), place);
  if (dropped.size < 2) return [];
  return ops.flatMap((op, place) => {
    if (op.kind !== "drop-column") return [];
    return ancestors(from, nameKey(op.table)).flatMap((parent) => {
      const before = dropped.get(partKey(parent, op.column));
      return before === undefined ? [] : [[before, place] as const];
    });
  });
}

/** Tables that are in the way of what one above them gets go before it gets that. As edges from place to place. */
export function inTheWayFirst(ops: readonly Op[], from: Schema): readonly (readonly [number, number])[] {
  const given = ops.flatMap((op, place) => {
    const gets = whatHeirsGet(op);
    return gets === null ? [] : [{ ...gets, place }];
  });
  if (given.length === 0) return [];
  return ops.flatMap((op, place) => {
    const table = op.kind === "drop-table" ? from.tables.get(nameKey(op.name)) : undefined;
    if (table === undefined || parentsOf(table).length === 0) return [];
    const above = new Set(ancestors(from, nameKey(table)));
    return given
      .filter((one) => above.has(nameKey(one.table)) && refuses(table, one))
      .map((one) => [place, one.place] as const);
  });
}

function partKey(table: string, part: string): string {
  return JSON.stringify([table, part]);
}

function isReshaped({ changes }: Op<"alter-column">): boolean {
  const { type, collation, generated, nullable } = changes;
  return [type, collation, generated, nullable].some((one) => one !== undefined);
}

/** A partition that is made with columns of its own is made by itself. */
function attachedBy(op: Op): string | null {
  if (op.kind === "attach-partition") return nameKey(op.name);
  if (op.kind === "set-inheritance") return op.inherits.length > 0 ? nameKey(op.name) : null;
  const isAttached =
    op.kind === "create-table" && op.table.partition !== undefined && !isPartitionAlike(op.table);
  return isAttached ? nameKey(op.table) : null;
}

function ancestors(schema: Schema, key: string): readonly string[] {
  const table = schema.tables.get(key);
  return table === undefined ? [] : ancestorsOf(schema, table).map(nameKey);
}
