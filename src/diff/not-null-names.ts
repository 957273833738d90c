import { generatedNotNullName } from "../op/generated-name.js";
import type { Op } from "../op/op.js";
import { nameKey } from "../schema/name.js";
import type { Table } from "../schema/schema.js";

function keyOf({ namespace }: Table, name: string): string {
  return nameKey({ namespace, name });
}

/** The names of NOT NULLs that nobody chose. */
function generatedNames(table: Table): readonly string[] {
  return table.columns.flatMap(({ name, nullable, notNull, inherited }) =>
    nullable || inherited || notNull?.name != null
      ? []
      : [keyOf(table, generatedNotNullName(table.name, name))],
  );
}

/**
 * The tables before which each has to be made, by its key. The engine puts a number behind a name that another table of the namespace has
 * for a NOT NULL of its own, and CREATE TABLE … (LIKE …) copies the names along with the columns (manual, CREATE TABLE).
 */
export function keepersOfNames(tables: readonly Table[]): ReadonlyMap<string, readonly Table[]> {
  const takers = new Map<string, Table[]>();
  for (const table of tables) {
    for (const { notNull } of table.columns) {
      if (notNull?.name == null) continue;
      const key = keyOf(table, notNull.name);
      const found = takers.get(key);
      if (found === undefined) takers.set(key, [table]);
      else found.push(table);
    }
  }
  const before = new Map<string, Table[]>();
  if (takers.size === 0) return before;
  for (const table of tables) {
    for (const taker of new Set(generatedNames(table).flatMap((name) => takers.get(name) ?? []))) {
      if (taker === table) continue;
      before.set(nameKey(taker), [...(before.get(nameKey(taker)) ?? []), table]);
    }
  }
  return before;
}

/** The same among ops, as edges from place to place. */
export function namesKeptFirst(ops: readonly Op[]): readonly (readonly [number, number])[] {
  const places = new Map<string, number>();
  const tables = ops.flatMap((op, place) => {
    if (op.kind !== "create-table") return [];
    places.set(nameKey(op.table), place);
    return [op.table];
  });
  return [...keepersOfNames(tables)].flatMap(([taker, keepers]) => {
    const after = places.get(taker);
    return keepers.flatMap((keeper) => {
      const before = places.get(nameKey(keeper));
      return before === undefined || after === undefined ? [] : [[before, after] as const];
    });
  });
}
