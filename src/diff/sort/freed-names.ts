import { constraintUses, indexUses, scopeOf } from "../../op/dependents.js";
import type { Op } from "../../op/op.js";
import { isKey } from "../../schema/key.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Constraint, Schema, Table } from "../../schema/schema.js";

/**
 * A column takes the indexes and constraints over it along: what gets the name of one that no op of its own drops comes
 * after it. As edges from place to place.
 */
export function freedByColumnsFirst(
  ops: readonly Op[],
  from: Schema,
): readonly (readonly [number, number])[] {
  const takers = takenBy(ops);
  if (takers.size === 0) return [];
  return ops.flatMap((op, place) => {
    if (op.kind !== "drop-column") return [];
    const table = from.tables.get(nameKey(op.table));
    if (table === undefined) return [];
    return goneWith(table, op.column)
      .flatMap((name) => takers.get(name) ?? [])
      .map((taker) => [place, taker] as const);
  });
}

/** The ops that give a part of a table a name that none of the ops before has set free by itself. */
function takenBy(ops: readonly Op[]): ReadonlyMap<string, readonly number[]> {
  const freed = new Set<string>();
  const takers = new Map<string, number[]>();
  if (!ops.some(({ kind }) => kind === "drop-column")) return takers;
  for (const op of ops) {
    if (op.kind === "drop-index") freed.add(relation(op.table, op.index));
    else if (op.kind === "drop-constraint") {
      const name = typeof op.constraint === "string" ? op.constraint : op.constraint.name;
      if (name !== null) for (const key of [relation(op.table, name), part(op.table, name)]) freed.add(key);
    }
  }
  for (const [place, op] of ops.entries()) {
    const key = nameTaken(op);
    if (key !== null && !freed.has(key)) takers.set(key, [...(takers.get(key) ?? []), place]);
  }
  return takers;
}

function nameTaken(op: Op): string | null {
  if (op.kind === "create-index") return relation(op.table, op.index.name);
  return op.kind === "add-constraint" ? constraintName(op.table, op.constraint) : null;
}

function goneWith(table: Table, column: string): readonly string[] {
  const scope = scopeOf(table);
  const indexes = table.indexes.filter((one) => indexUses(one, scope, column));
  const constraints = table.constraints.filter((one) => constraintUses(one, scope, column));
  return [
    ...indexes.map(({ name }) => relation(table, name)),
    ...constraints.flatMap((one) => constraintName(table, one) ?? []),
  ];
}

/** The name of a key is that of its index, and is taken for every table; others are the table's. */
function constraintName(table: ObjectName, constraint: Constraint): string | null {
  if (constraint.name === null) return null;
  return isKey(constraint) ? relation(table, constraint.name) : part(table, constraint.name);
}

function relation({ namespace }: ObjectName, name: string): string {
  return JSON.stringify([namespace, name]);
}

function part(table: ObjectName, name: string): string {
  return JSON.stringify([table.namespace, table.name, name]);
}
