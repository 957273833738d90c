import { sameData } from "../schema/equal.js";
import { isKey } from "../schema/key.js";
import type { ObjectName } from "../schema/name.js";
import type { Column, Index, SchemaDraft } from "../schema/schema.js";
import { constraintUses, indexUses, scopeOf } from "./dependents.js";
import { forgetIndexColumns } from "./index-columns.js";
import { giveConstraint, takeConstraint } from "./inherit/constraint.js";
import { giveIndex, takeIndex } from "./inherit/index.js";
import { childrenOf, putIndexed, tableOf } from "./lookup.js";
import type { ColumnChanges } from "./op.js";
import { integerOf } from "./serial.js";

/** The changes make the engine convert the values, and with them the indexes over the column. */
export function convertsValues({ type }: Column, changes: ColumnChanges): boolean {
  if (changes.collation !== undefined || changes.using !== undefined || changes.generated != null)
    return true;
  if (changes.type === undefined) return false;
  // A serial column has the values of an integer one.
  const [before, after] = [type, changes.type].map((one) => ({ ...one, name: integerOf(one) ?? one.name }));
  return !sameData(before, after);
}

/**
 * A column of a partitioned table is converted: the engine makes the indexes and keys over it anew, first the ones and then the
 * others, each in the order in which they were made, and what partitions have of them comes with that. It has the names that the
 * engine gives, and nothing of what it had of its own (`ATPostAlterTypeCleanup` of the server).
 */
export function remakeCopies(draft: SchemaDraft, name: ObjectName, column: string): void {
  const table = tableOf(draft, name);
  if (table.partitioning === undefined) return;
  const scope = scopeOf(table);
  const indexes = table.indexes.filter((one) => indexUses(one, scope, column));
  const keys = table.constraints.filter((one) => isKey(one) && constraintUses(one, scope, column));
  if (indexes.length + keys.length === 0) return;
  for (const index of indexes) takeIndex(draft, table, index.name);
  for (const key of keys) takeConstraint(draft, table, key);
  const whole = indexes.map(({ only: _, ...index }): Index => index);
  const remade = new Set([...indexes, ...keys].map(({ name }) => name));
  const after = {
    ...forgetIndexColumns(table, (index) => remade.has(index)),
    indexes: [...table.indexes.filter((one) => !indexes.includes(one)), ...whole],
    constraints: [...table.constraints.filter((one) => !keys.includes(one)), ...keys],
  };
  putIndexed(draft, after);
  for (const index of whole) {
    for (const child of childrenOf(draft, after)) giveIndex(draft, after, child, index);
  }
  for (const key of keys) {
    for (const child of childrenOf(draft, after)) giveConstraint(draft, after, child, key);
  }
}
