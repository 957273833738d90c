import { findRelation, type Relation, withDescendants } from "../../../../effect/world.js";
import { defaultPartition } from "../world/dependents.js";
import { hasRows } from "../world/find.js";
import { alikeIndex } from "../world/table.js";
import type { Cost } from "./cost.js";
import { isProvedWithin } from "./proof.js";
import { type CostOf, lockTable } from "./table-lock.js";

export const costOfAttach: CostOf<"attach-partition"> = (cost, act, conditions) => {
  const parent = lockTable(cost, act, conditions);
  const partition = findRelation(cost.world, act.partition);
  if (parent === undefined || partition === undefined) return;
  const below = withDescendants(cost.world, partition);
  cost.lock("ACCESS EXCLUSIVE", ...below);
  const rest = defaultPartition(cost.world, parent);
  if (rest !== undefined) {
    cost.lock("ACCESS EXCLUSIVE", rest).scan(...withDescendants(cost.world, rest).filter(hasRows));
  }
  const withRows = below.filter(hasRows);
  const [column, second] = parent.partitionBy?.columns ?? [];
  const isProved = second === undefined && isProvedWithin(partition, column ?? null, act.bound);
  // The first and only partition that takes all the rest needs no proof.
  const isEverything = act.bound.kind === "default" && parent.children.length === 0;
  if (isProved) cost.prove(...withRows);
  else if (!isEverything) cost.scan(...withRows);
  costOfParentsIndexes(cost, parent, partition, withRows);
};

/** A partition gets what its parent has: indexes that are not there yet, foreign keys that are looked at. */
function costOfParentsIndexes(
  cost: Cost,
  parent: Relation,
  partition: Relation,
  withRows: readonly Relation[],
): void {
  for (const index of parent.indexes) {
    if (alikeIndex(cost.world, partition, index) === undefined) cost.build(...withRows);
  }
  for (const constraint of parent.constraints.values()) {
    if (constraint.kind !== "foreign-key") continue;
    const own = [...partition.constraints.values()].some(
      (one) =>
        one.kind === "foreign-key" &&
        one.targetId === constraint.targetId &&
        one.columns.join() === constraint.columns.join(),
    );
    cost.lock("SHARE ROW EXCLUSIVE", constraint.targetId);
    if (!own) cost.check(...withRows);
  }
}

export const costOfDetach: CostOf<"detach-partition"> = (cost, act, conditions) => {
  const parent = lockTable(cost, act, conditions);
  const partition = findRelation(cost.world, act.partition);
  const isOnline = act.concurrently || act.finalize;
  cost.lock(isOnline || conditions.version >= 14 ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE", partition);
  if (act.concurrently) cost.forbid();
  if (isOnline && conditions.version < 14)
    cost.refuse("DETACH PARTITION … CONCURRENTLY came with PostgreSQL 14");
  if (parent === undefined) return;
  const rest = defaultPartition(cost.world, parent);
  if (rest !== undefined && rest.id !== partition?.id) cost.lock("ACCESS EXCLUSIVE", rest);
};

export const costOfInherit: CostOf<"inherit"> = (cost, act, conditions) => {
  lockTable(cost, act, conditions);
  cost.lock(act.remove ? "ACCESS SHARE" : "SHARE UPDATE EXCLUSIVE", findRelation(cost.world, act.parent));
};
