import type { Act } from "../../../../effect/act.js";
import type { Relation } from "../../../../effect/world.js";
import { indexUsesColumn, usesColumn } from "../world/dependents.js";
import { hasRows } from "../world/find.js";
import type { Conditions, Cost } from "./cost.js";
import { type TypeChange, typeChange } from "./type-change.js";

/**
 * ALTER COLUMN TYPE makes anew all that stands on the column: checks are looked at again, foreign keys too where the
 * table is rewritten, indexes are built anew where the old ones do not fit (`ATPostAlterTypeParse`).
 */
export function costOfAlterType(
  cost: Cost,
  act: Act<"alter-type">,
  tables: readonly Relation[],
  conditions: Conditions,
): void {
  for (const table of tables) {
    const change = typeChange(cost.world, table.columns.get(act.column), act, conditions);
    if (change.rewrite && hasRows(table)) cost.rewrite(table);
    costOfChecks(cost, act, table);
    costOfKeys(cost, act, table, change);
    if (!change.rewrite) costOfIndexes(cost, act, table, change);
    const sequence = table.columns.get(act.column)?.sequence ?? null;
    const isIdentity = table.columns.get(act.column)?.identity !== null;
    if (sequence !== null && isIdentity) cost.lock("SHARE ROW EXCLUSIVE", sequence);
  }
}

function costOfChecks(cost: Cost, act: Act<"alter-type">, table: Relation): void {
  for (const constraint of table.constraints.values()) {
    if (constraint.kind !== "check" || !usesColumn(constraint, act.column)) continue;
    if (constraint.validated && constraint.enforced && hasRows(table)) cost.scan(table);
  }
}

function costOfKeys(cost: Cost, act: Act<"alter-type">, table: Relation, change: TypeChange): void {
  const isLooked = change.rewrite || change.reindex;
  for (const constraint of table.constraints.values()) {
    if (constraint.kind !== "foreign-key" || !constraint.columns.includes(act.column)) continue;
    cost.lock("ACCESS EXCLUSIVE", constraint.targetId);
    if (isLooked && constraint.validated && constraint.enforced) cost.check(table);
  }
  for (const one of table.referencedBy) {
    const key = cost.world.relations.get(one.table)?.constraints.get(one.constraint);
    if (key?.kind !== "foreign-key" || !key.keyColumns.includes(act.column)) continue;
    cost.lock("ACCESS EXCLUSIVE", one.table);
    if (isLooked && key.validated && key.enforced) cost.check(one.table);
  }
}

/** An old index fits unless it has an expression or a condition, or compares by other rules (`CheckIndexCompatible`). */
function costOfIndexes(cost: Cost, act: Act<"alter-type">, table: Relation, { reindex }: TypeChange): void {
  for (const id of table.indexes) {
    const index = cost.world.relations.get(id)?.index;
    if (!index || !indexUsesColumn(index, act.column) || !hasRows(table)) continue;
    const isComplex = index.where !== null || index.keys.some(({ expression }) => expression !== null);
    const isKey = index.keys.some(({ column }) => column === act.column);
    if (isComplex || (reindex && isKey)) cost.build(table);
  }
}
