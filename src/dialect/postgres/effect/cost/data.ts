import type { Act, ActKind } from "../../../../effect/act.js";
import { findRelation, type Relation, withDescendants } from "../../../../effect/world.js";
import { hasRows } from "../world/find.js";
import type { Conditions, Cost } from "./cost.js";
import { costOfQuery, unknownCalls } from "./query.js";

type CostOf<K extends ActKind> = (cost: Cost, act: Act<K>, conditions: Conditions) => void;
type DataKinds =
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "merge"
  | "copy"
  | "truncate"
  | "lock-table"
  | "vacuum"
  | "analyze"
  | "cluster";

function costOfWrite(cost: Cost, act: Act<"update" | "delete" | "merge">): void {
  const table = findRelation(cost.world, act.table);
  costOfQuery(cost, act.query);
  if (table === undefined) return;
  const tables = withDescendants(cost.world, table);
  cost.lock("ROW EXCLUSIVE", ...tables).read(...tables);
}

/** Rows that are added are looked up in the tables that they refer to, which keeps those rows from going. */
function costOfInsert(cost: Cost, table: Relation | undefined): void {
  cost.lock("ROW EXCLUSIVE", table);
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.kind === "foreign-key" && constraint.enforced) cost.lock("ROW SHARE", constraint.targetId);
  }
}

const costOfTruncate: CostOf<"truncate"> = (cost, act) => {
  const { world } = cost;
  const found = new Map<number, Relation>();
  const add = (relation: Relation): void => {
    for (const one of act.only ? [relation] : withDescendants(world, relation)) {
      if (found.has(one.id)) continue;
      found.set(one.id, one);
      if (!act.cascade) continue;
      for (const { table } of one.referencedBy) {
        const next = world.relations.get(table);
        if (next !== undefined) add(next);
      }
    }
  };
  for (const name of act.tables) {
    const relation = findRelation(world, name);
    if (relation !== undefined) add(relation);
  }
  const all = [...found.values()];
  cost.lock("ACCESS EXCLUSIVE", ...all).rewrite(...all.filter(hasRows));
  if (!act.restartIdentity) return;
  for (const { columns } of all) {
    for (const { sequence } of columns.values())
      if (sequence !== null) cost.lock("ACCESS EXCLUSIVE", sequence);
  }
};

/** What reading and changing rows costs, and what keeps tables in order. */
export const costOfData: { readonly [K in DataKinds]: CostOf<K> } = {
  select: (cost, act) => {
    costOfQuery(cost, act.query);
    const [unknown] = unknownCalls(cost.world, act.query);
    if (unknown !== undefined) cost.unknown(`it is not known what the function ${unknown} does`);
  },
  insert: (cost, act) => {
    costOfQuery(cost, act.query);
    costOfInsert(cost, findRelation(cost.world, act.table));
  },
  update: costOfWrite,
  delete: costOfWrite,
  merge: costOfWrite,
  copy: (cost, act) => {
    if (act.query !== null) costOfQuery(cost, act.query);
    const table = act.table === null ? undefined : findRelation(cost.world, act.table);
    if (act.direction === "from") costOfInsert(cost, table);
    else if (table !== undefined) cost.lock("ACCESS SHARE", table).read(table);
  },
  truncate: costOfTruncate,
  "lock-table": (cost, act) => {
    for (const name of act.tables) {
      const relation = findRelation(cost.world, name);
      if (relation === undefined) continue;
      const below = act.only ? [relation] : withDescendants(cost.world, relation);
      const read = (relation.view?.reads ?? []).flatMap((id) => cost.world.relations.get(id) ?? []);
      cost.lock(act.mode, ...below, ...(relation.kind === "view" ? read : []));
    }
  },
  vacuum: (cost, act) => {
    cost.forbid();
    const tables = act.tables.flatMap((name) => findRelation(cost.world, name) ?? []);
    cost.lock(act.full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE", ...tables);
    if (act.full) cost.rewrite(...tables.filter(hasRows));
    if (act.tables.length === 0 && act.full) {
      const all = [...cost.world.relations.values()].filter(hasRows);
      cost.lock("ACCESS EXCLUSIVE", ...all).rewrite(...all);
    }
  },
  analyze: (cost, act) => {
    for (const name of act.tables) {
      const table = findRelation(cost.world, name);
      if (table !== undefined) cost.lock("SHARE UPDATE EXCLUSIVE", table);
    }
  },
  cluster: (cost, act) => {
    const table = act.table === null ? undefined : findRelation(cost.world, act.table);
    if (act.table === null) cost.forbid();
    if (table !== undefined) cost.lock("ACCESS EXCLUSIVE", table).rewrite(table);
  },
};
