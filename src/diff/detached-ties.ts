import type { Op } from "../op/op.js";
import { type Address, addressOf, type Dependencies, partAddress } from "../schema/address.js";
import { nameKey } from "../schema/name.js";
import type { Schema, Table } from "../schema/schema.js";

function partsOf(table: Table): readonly Address[] {
  return [
    addressOf("table", table),
    ...table.columns.map(({ name }) => partAddress("column", table, name)),
    ...table.indexes.map(({ name }) => partAddress("index", table, name)),
    ...table.constraints.flatMap(({ name }) =>
      name === null ? [] : [partAddress("constraint", table, name)],
    ),
  ];
}

/**
 * The dependencies of the engine once partitions are detached: what they had from their parent is their own by then, and
 * need not go before the parent's does.
 */
export function withoutTies(from: Schema, ops: readonly Op[]): Dependencies | undefined {
  const { dependencies } = from;
  if (dependencies === undefined) return undefined;
  const left = new Map(dependencies);
  for (const op of ops) {
    const child = op.kind === "detach-partition" ? from.tables.get(nameKey(op.name)) : undefined;
    const parent = child?.partition && from.tables.get(nameKey(child.partition.of));
    if (child === undefined || parent === undefined) continue;
    const theirs = new Set(partsOf(parent));
    for (const part of partsOf(child)) {
      const used = left.get(part);
      if (used !== undefined) left.set(part, new Set([...used].filter((one) => !theirs.has(one))));
    }
  }
  return left;
}
