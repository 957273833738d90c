import type { LongChange } from "../../dialect/expansion.js";
import { findRelation, type Relation, type World } from "../../effect/world.js";

/** False where it is known before asking a scratch database that there are no revisions for a change. */
export function mayExpand(change: LongChange, world: World): boolean {
  const table = findRelation(world, change.table);
  if (table === undefined) return false;
  if (change.kind === "rename-table") return true;
  const isAlone = table.parents.length === 0 && (table.kind === "partitioned-table" || isChildless(table));
  const isKey = change.kind !== "drop-column" && isPartitionKey(table, change.column);
  const refuses = change.kind === "drop-column" && isPrimary(table, change.column);
  return isAlone && !isKey && !refuses && (change.kind !== "change-type" || isPlain(table, change.column));
}

const isChildless = ({ children }: Relation): boolean => [...children].length === 0;

function isPartitionKey({ partitionBy }: Relation, column: string): boolean {
  return partitionBy?.columns.includes(column) === true;
}

function isPrimary({ constraints }: Relation, column: string): boolean {
  return [...constraints.values()].some((one) => one.kind === "primary-key" && one.columns.includes(column));
}

/** A second column can take its place. */
function isPlain(table: Relation, name: string): boolean {
  const column = table.columns.get(name);
  return column?.generated === null;
}
