import { nameKey } from "../../../schema/name.js";
import type { Schema, Table } from "../../../schema/schema.js";
import type { ExpansionContext } from "../../expansion.js";
import { speakingOf } from "./indexes.js";

/** From here on a partitioned table can have triggers BEFORE … FOR EACH ROW. */
const firstWithTriggers = 13;

/** Why a trigger of a table cannot keep two of its columns alike; `null` where it can. */
export function reasonAgainst(
  table: Table,
  column: string,
  { before, oldestServer }: ExpansionContext,
): string | null {
  if (table.partition !== undefined)
    return "the table is a partition, and has the columns of its parent: change that one";
  if (table.inherits !== undefined || hasHeirs(table, before))
    return "tables inherit from one another here, and a trigger of one does not run for the others: add the column and a trigger to each by hand";
  const { partitioning } = table;
  if (partitioning !== undefined && oldestServer < firstWithTriggers)
    return `before PostgreSQL ${firstWithTriggers} a partitioned table has no triggers before its rows are written: add the column and a trigger to each partition by hand`;
  const isKey =
    partitioning !== undefined && speakingOf(partitioning.keys, column, `${column}x`) !== partitioning.keys;
  return isKey
    ? "the rows are divided among partitions by the column, and no trigger may write it: make a second table, and copy them"
    : null;
}

function hasHeirs(table: Table, { tables }: Schema): boolean {
  return [...tables.values()].some(({ inherits }) =>
    inherits?.some((parent) => nameKey(parent) === nameKey(table)),
  );
}
