import { AludelError } from "../../error/error.js";
import { scopeOf } from "../../op/dependents.js";
import { mentionsColumn } from "../../op/expression/column.js";
import { showType } from "../../op/show.js";
import { sameData } from "../../schema/equal.js";
import { nameKey, showName } from "../../schema/name.js";
import type { Column, Schema, Table } from "../../schema/schema.js";
import type { DiffOptions } from "../contract.js";
import type { Work } from "../work.js";

const newTable =
  "Create the new table under another name with its partitions, copy the rows, and exchange the names in a revision that you write: rename the old table away, then the new one to its name.";

type SameText = Pick<DiffOptions, "sameExpression">;

function showPartitioning({ partitioning }: Table): string {
  return partitioning === undefined
    ? "a plain table"
    : `partitioned by ${partitioning.strategy} (${partitioning.keys})`;
}

function samePartitioning(a: Table, b: Table, { sameExpression }: SameText): boolean {
  const [left, right] = [a.partitioning, b.partitioning];
  if (left === undefined || right === undefined) return left === right;
  return (
    left.strategy === right.strategy && (left.keys === right.keys || sameExpression(left.keys, right.keys))
  );
}

function sameType(a: Table, b: Table): boolean {
  if (a.ofType === undefined || b.ofType === undefined) return a.ofType === b.ofType;
  return nameKey(a.ofType) === nameKey(b.ofType);
}

function showTypeOf({ ofType }: Table): string {
  return ofType === undefined ? "of no type" : `of type ${showName(ofType)}`;
}

/**
 * What a table is made as and stays: whether and by what it is partitioned, and the type of a typed table.
 *
 * @throws AludelError `partitioning-fixed` with a line for each table for which that shall change.
 */
export function fixedFamily(from: Schema, to: Schema, options: SameText): void {
  const details: string[] = [];
  for (const [key, old] of from.tables) {
    const now = to.tables.get(key);
    if (now === undefined) continue;
    if (!samePartitioning(old, now, options)) {
      details.push(`${showName(now)} is ${showPartitioning(old)} and shall be ${showPartitioning(now)}`);
    }
    if (!sameType(old, now))
      details.push(`${showName(now)} is ${showTypeOf(old)} and shall be ${showTypeOf(now)}`);
  }
  if (details.length === 0) return;
  throw new AludelError("partitioning-fixed", "A table cannot become another kind of table in place", {
    details,
    remedy: newTable,
  });
}

/** What a column is besides its name and its constraints, for a person. */
function showColumn({ type, collation }: Column): string {
  return collation === null ? showType(type) : `${showType(type)} with collation ${showName(collation)}`;
}

/**
 * What a table is partitioned by stays what it is (manual, ALTER TABLE): no column of the key gets another type or collation,
 * nor can it leave a type that is made anew. Needs `replacedEnums` and `movedColumns`.
 *
 * @throws AludelError `partitioning-fixed` with a line for each column for which that shall change.
 */
export function fixedKeys(work: Work): void {
  const details: string[] = [];
  for (const [key, old] of work.from.tables) {
    const now = work.to.tables.get(key);
    if (old.partitioning === undefined || now === undefined) continue;
    const scope = scopeOf(old);
    for (const column of old.columns) {
      const after = now.columns.find(({ name }) => name === column.name);
      if (after === undefined || !mentionsColumn(old.partitioning.keys, scope, column.name)) continue;
      const shown = `${showName(now)} is ${showPartitioning(old)}, and ${column.name}`;
      const isAnew =
        work.replacedEnums.has(nameKey(column.type)) || work.movedColumns.get(key)?.has(column.name);
      if (!sameData([column.type, column.collation], [after.type, after.collation])) {
        details.push(`${shown} is ${showColumn(column)} and shall be ${showColumn(after)}`);
      } else if (isAnew) details.push(`${shown} is ${showColumn(column)}, which has to be made anew`);
    }
  }
  if (details.length === 0) return;
  throw new AludelError("partitioning-fixed", "What a table is partitioned by cannot change in place", {
    details,
    remedy: newTable,
  });
}

/** Two tables could be one under two names: their place among partitions and parents is the same. */
export function samePlaceAmongTables(a: Table, b: Table, options: SameText): boolean {
  const [left, right] = [a.partition, b.partition];
  const partition =
    left === undefined || right === undefined
      ? left === right
      : nameKey(left.of) === nameKey(right.of) && options.sameExpression(left.bounds, right.bounds);
  const parents = (table: Table) => (table.inherits ?? []).map(nameKey).join();
  return partition && samePartitioning(a, b, options) && sameType(a, b) && parents(a) === parents(b);
}
