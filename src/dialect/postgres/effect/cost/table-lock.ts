import { type Act, isTableAct, type TableAct } from "../../../../effect/act.js";
import type { LockMode } from "../../../../effect/lock.js";
import type { ConstraintDefinition } from "../../../../effect/syntax.js";
import { findRelation, type Relation, withDescendants } from "../../../../effect/world.js";
import { tableOf, tablesOf } from "../world/find.js";
import type { Conditions, Cost } from "./cost.js";
import { statementLevel } from "./lock-level.js";

export type CostOf<K extends TableAct["kind"]> = (cost: Cost, act: Act<K>, conditions: Conditions) => void;

/** The lock of the whole ALTER TABLE. */
export function level(conditions: Conditions): LockMode {
  return statementLevel(conditions.siblings.filter(isTableAct), conditions.version);
}

/** The table alone. */
export function lockTable(cost: Cost, act: TableAct, conditions: Conditions): Relation | undefined {
  const table = tableOf(cost.world, act);
  const own = statementLevel([act], conditions.version);
  cost.lock(table?.index === null ? level(conditions) : own, table);
  return table;
}

/** The table and all below it. */
export function lockTables(cost: Cost, act: TableAct, conditions: Conditions): readonly Relation[] {
  lockTable(cost, act, conditions);
  const tables = tablesOf(cost.world, act);
  cost.lock(level(conditions), ...tables);
  return tables;
}

export const onlyTable = (cost: Cost, act: TableAct, conditions: Conditions): void => {
  lockTable(cost, act, conditions);
};

export const allTables = (cost: Cost, act: TableAct, conditions: Conditions): void => {
  lockTables(cost, act, conditions);
};

/** nextval() locks the sequence as an UPDATE would. */
export function lockSequences(
  cost: Cost,
  calls: readonly { readonly name: { readonly name: string }; readonly texts: readonly (string | null)[] }[],
): void {
  for (const { name, texts } of calls) {
    const [text] = texts;
    if (!/^(nextval|setval)$/.test(name.name) || typeof text !== "string") continue;
    const parts = text.split(".").map((part) => part.replaceAll('"', ""));
    cost.lock(
      "ROW EXCLUSIVE",
      findRelation(cost.world, { namespace: parts.at(-2) ?? null, name: parts.at(-1) ?? "" }),
    );
  }
}

export function lockReferenced(
  cost: Cost,
  constraint: Extract<ConstraintDefinition, { kind: "foreign-key" }>,
  table: Relation,
): void {
  const target = findRelation(cost.world, constraint.target);
  if (target === undefined) return;
  // A reference to the table itself has its lock already, which may be a stronger one.
  if (target.id !== table.id) {
    const isPartitioned = target.kind === "partitioned-table";
    cost.lock("SHARE ROW EXCLUSIVE", ...(isPartitioned ? withDescendants(cost.world, target) : [target]));
  } else cost.lock("SHARE ROW EXCLUSIVE", target);
}

/** Indexes of partitions are built under SHARE before PostgreSQL 18. */
export function lockPartitions(
  cost: Cost,
  tables: readonly Relation[],
  before: LockMode,
  { version }: Conditions,
): void {
  const [table, ...partitions] = tables;
  cost.lock("ACCESS EXCLUSIVE", table);
  cost.lock(version >= 18 ? "ACCESS EXCLUSIVE" : before, ...partitions);
}

/** The sequence of an identity. */
export function lockSequence(cost: Cost, act: TableAct & { readonly column: string }, mode: LockMode): void {
  const sequence = tableOf(cost.world, act)?.columns.get(act.column)?.sequence;
  if (sequence !== null && sequence !== undefined) cost.lock(mode, sequence);
}
