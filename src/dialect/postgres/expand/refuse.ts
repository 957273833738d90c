import type { Column, Schema, Table } from "../../../schema/schema.js";

/** Why a column cannot be doubled; `null` where it can. */
export function reasonAgainst(table: Table, column: Column, schema: Schema): string | null {
  if (column.generated !== null) return "the column is generated";
  if (column.identity !== null) return "the column is an identity: a second one would count by itself";
  if (table.partitioning !== undefined || table.partition !== undefined || table.inherits !== undefined)
    return "the table has partitions or parents, and each of them would need the same";
  const isParent = [...schema.tables.values()].some(({ inherits }) =>
    inherits?.some((parent) => parent.name === table.name && parent.namespace === table.namespace),
  );
  return isParent ? "tables inherit from the table" : null;
}
