import type { Op } from "../op/op.js";
import { nameKey, type ObjectName, sameName } from "../schema/name.js";
import type { ForeignKey, Schema, Table } from "../schema/schema.js";

/** The two schemas that a diff is between. */
interface Both {
  readonly from: Schema;
  readonly to: Schema;
}

/** A table that stays becomes logged, or unlogged. */
export function changesPersistence({ from, to }: Both, table: ObjectName): boolean {
  const [before, after] = [from.tables.get(nameKey(table)), to.tables.get(nameKey(table))];
  return before !== undefined && after !== undefined && before.options.unlogged !== after.options.unlogged;
}

/** The tables that a table points at, itself left out. */
function targets(table: Table | undefined): readonly ObjectName[] {
  return (table?.constraints ?? [])
    .filter((one): one is ForeignKey => one.kind === "foreign-key")
    .map(({ references }) => references.table)
    .filter((target) => table !== undefined && !sameName(target, table));
}

/**
 * A foreign key that cannot stay while the table it points at becomes logged or unlogged: that of a table which goes after
 * it, and one on a circle of such tables, for what is logged may not point at what is not (manual, CREATE TABLE).
 */
export function hindersPersistence(both: Both, table: Table, target: ObjectName): boolean {
  if (sameName(table, target) || !changesPersistence(both, target)) return false;
  if (!both.to.tables.has(nameKey(table))) return true;
  if (!changesPersistence(both, table)) return false;
  const reached = new Map([[nameKey(target), target]]);
  for (const one of reached.values()) {
    for (const next of targets(both.from.tables.get(nameKey(one)))) {
      if (sameName(next, table)) return true;
      if (changesPersistence(both, next)) reached.set(nameKey(next), next);
    }
  }
  return false;
}

/**
 * What comes before what among ops that make tables logged or unlogged, by their places: unlogged those first that point at
 * others, logged those that are pointed at. New foreign keys come after all of it.
 */
export function persistenceOrder(ops: readonly Op[], both: Both): readonly (readonly [number, number])[] {
  const places = new Map<string, number>();
  for (const [place, op] of ops.entries()) {
    if (op.kind !== "alter-table-options" || !changesPersistence(both, op.name)) continue;
    places.set(nameKey(op.name), place);
  }
  if (places.size === 0) return [];
  const edges: [number, number][] = [];
  const add = (before: number | undefined, after: number | undefined) => {
    if (before !== undefined && after !== undefined && before !== after) edges.push([before, after]);
  };
  for (const [key, place] of places) {
    const becomesUnlogged = both.to.tables.get(key)?.options.unlogged === true;
    const [table, now] = [both.from.tables.get(key), both.to.tables.get(key)];
    const kept = targets(now).filter((one) => targets(table).some((other) => sameName(one, other)));
    for (const target of kept) {
      if (table === undefined || hindersPersistence(both, table, target)) continue;
      const other = places.get(nameKey(target));
      if (becomesUnlogged) add(place, other);
      else add(other, place);
    }
  }
  for (const [place, op] of ops.entries()) {
    if (op.kind !== "add-constraint" || op.constraint.kind !== "foreign-key") continue;
    add(places.get(nameKey(op.table)), place);
    add(places.get(nameKey(op.constraint.references.table)), place);
  }
  return edges;
}
