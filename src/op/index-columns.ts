import type { Index, Table } from "../schema/schema.js";
import { columnNamesOfIndex, columnNamesOfKey } from "./generated-name.js";

type Key = Parameters<typeof columnNamesOfKey>[0];

/** What the columns of a table's index are called, by which the engine names those that new partitions get for it. */
export function columnsOfIndex(table: Table, index: Index): readonly string[] {
  return table.indexColumns?.get(index.name) ?? columnNamesOfIndex(index);
}

/** As `columnsOfIndex`, for the index under a key. */
export function columnsOfKey(table: Table, key: Key): readonly string[] {
  return table.indexColumns?.get(key.name ?? "") ?? columnNamesOfKey(key);
}

function withColumns(table: Table, columns: Map<string, readonly string[]>): Table {
  const { indexColumns: _, ...rest } = table;
  return columns.size === 0 ? rest : { ...rest, indexColumns: columns };
}

/** The table before one of its columns gets another name, which its indexes do not follow (`renameatt` of the server). */
export function keepIndexColumns(table: Table): Table {
  if (table.partitioning === undefined) return table;
  const columns = new Map(table.indexColumns);
  for (const index of table.indexes) columns.set(index.name, columnsOfIndex(table, index));
  for (const one of table.constraints) {
    if (one.kind === "check" || one.kind === "foreign-key" || one.name === null) continue;
    columns.set(one.name, columnsOfKey(table, one));
  }
  return withColumns(table, columns);
}

/** The copy that a partition has of its parent's index has the same names for its columns. */
export function giveIndexColumns(
  parent: Table,
  index: string | null,
  partition: Table,
  copy: string | null,
): Table {
  const names = parent.indexColumns?.get(index ?? "");
  if (names === undefined || copy === null || partition.partitioning === undefined) return partition;
  return withColumns(partition, new Map([...(partition.indexColumns ?? []), [copy, names]]));
}

/** The table without what is known of indexes for which `gone` holds. */
export function forgetIndexColumns(table: Table, gone: (index: string) => boolean): Table {
  if (table.indexColumns === undefined) return table;
  const left = [...table.indexColumns].filter(([index]) => !gone(index));
  return left.length === table.indexColumns.size ? table : withColumns(table, new Map(left));
}

/** An index has another name. */
export function followIndexColumns(table: Table, from: string, to: string): Table {
  const names = table.indexColumns?.get(from);
  if (names === undefined) return table;
  const others = [...(table.indexColumns ?? [])].filter(([index]) => index !== from);
  return withColumns(table, new Map([...others, [to, names]]));
}
