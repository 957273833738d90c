import { nameKey } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import { isMadeNotNull } from "./columns.js";

/**
 * The tables, in which a partition that has its parent's columns in their order says how its NOT NULLs are called only where they
 * are not called as its parent's: CREATE TABLE … PARTITION OF gives it those. One that was made by itself and attached has others,
 * and pg_dump tells the two apart.
 */
export function withoutGivenNames(tables: Schema["tables"]): Map<string, Table> {
  return new Map([...tables].map(([key, table]) => [key, withoutNamesOf(table, parentIn(tables, table))]));
}

function parentIn(tables: Schema["tables"], { partition }: Table): Table | undefined {
  return partition && tables.get(nameKey(partition.of));
}

function withoutNamesOf(table: Table, parent: Table | undefined): Table {
  const places = parent?.columns;
  if (parent === undefined || places?.length !== table.columns.length) return table;
  if (!table.columns.every(({ name }, place) => places[place]?.name === name)) return table;
  const columns = table.columns.map((column, place): Column => {
    const name = column.notNull?.name ?? null;
    const theirs = places[place]?.notNull?.name ?? null;
    const isGiven =
      name !== null && (theirs === null ? isMadeNotNull(name, parent.name, column.name) : name === theirs);
    if (!isGiven) return column;
    const { notNull: _, ...rest } = column;
    return rest;
  });
  return { ...table, columns };
}
